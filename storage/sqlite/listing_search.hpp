#pragma once

#include "runtime/journal/journal.hpp"
#include "storage/cursors.hpp"
#include "storage/sqlite/payload.hpp"

#include <optional>

namespace troupe::storage {

/// Finds lines of the index: by attribute when one is asked for, else among the open and the ended, newest
/// agents first.
class listing_search {
public:
  explicit listing_search(connection& db);
  /// invalid: the cursor is none of ours.
  result<journal::page<journal::stored_listing>> run(const journal::listing_query& query);

private:
  bool fits(const journal::stored_listing& found, const journal::listing_query& query);
  std::optional<journal::stored_listing> read(const rows& row);
  using found = journal::page<journal::stored_listing>;
  void scan(rows row, const journal::listing_query& query, std::vector<journal::stored_listing>& into);
  found finish(std::vector<journal::stored_listing> all, std::size_t limit);

  payload_reader payloads_;
  statement by_state_;
  statement by_attribute_;
  statement attributes_;
};

} // namespace troupe::storage
