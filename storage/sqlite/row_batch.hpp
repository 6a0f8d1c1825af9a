#pragma once

#include "runtime/journal/rows.hpp"
#include "storage/sqlite/payload.hpp"

#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace troupe::storage {

/// The agents' rows as a group changes them: whatever the turns of a group do to one row, it is written once.
/// Holds references to the turns; they must live until `flush`.
class row_batch {
public:
  row_batch(connection& db, payload_writer& payloads);

  void erase(std::uint64_t birth, const journal::row_erase& what);
  void put(std::uint64_t birth, const journal::agent_row& row);
  void flush();

  /// Removes all rows of an agent at once; nothing may be waiting to be flushed.
  void erase_agent(std::uint64_t birth);

private:
  struct row_key {
    std::uint64_t birth;
    journal::row_class cls;
    std::string_view key;
    auto operator<=>(const row_key&) const = default;
  };
  void erase_stored_prefix(const row_key& prefix);

  payload_writer& payloads_;
  statement put_;
  statement erase_;
  statement erase_from_;
  statement erase_range_;
  statement erase_agent_;
  std::map<row_key, const journal::agent_row*> changes_; // null: erased
  std::vector<row_key> prefixes_;                        // erased before any of `changes_`
};

/// The smallest key greater than every key that begins with `prefix`; empty: there is none.
std::string after_prefix(std::string_view prefix);

} // namespace troupe::storage
