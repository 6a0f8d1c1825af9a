#pragma once

#include "runtime/journal/journal.hpp"
#include "storage/sqlite/payload.hpp"

#include <optional>

namespace troupe::storage {

/// Reads whole agents. Two statements after one another must see one snapshot: call it inside a transaction.
class agent_loader {
public:
  explicit agent_loader(connection& db);

  std::optional<journal::loaded_agent> load(const agent_id& id);

private:
  void load_rows(journal::loaded_agent& into);
  void load_effects(journal::loaded_agent& into);

  payload_reader payloads_;
  statement agent_;
  statement rows_;
  statement effects_;
  statement births_;
};

/// A row of table `row`, from the columns class, key, schema, expires, body, blob.
journal::agent_row read_row(const rows& row, payload_reader& payloads);

} // namespace troupe::storage
