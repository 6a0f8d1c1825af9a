#pragma once

#include "runtime/journal/journal.hpp"
#include "storage/sqlite/statement.hpp"
#include "storage/sqlite/streams.hpp"
#include "storage/sqlite/write_context.hpp"

#include <array>
#include <string>
#include <vector>

namespace troupe::storage {

/// A pending row found by its receiver, with its sender.
struct unread_row {
  stream of;
  std::uint64_t number = 0;
  std::string envelope;
  std::string sender; // text of its id
};

/// Removes what is no longer needed: agents, mail nobody will read, rows past their time, marks of senders
/// that are gone, blobs nobody names. Walks through marks and blobs a piece per sweep, and begins again at
/// the end.
class upkeep {
public:
  explicit upkeep(connection& db);

  /// What keeps an agent from being purged, for a person; empty: nothing.
  std::string still_open(write_context& on, std::uint64_t birth, instant now);

  /// At most `limit` pending rows for a receiver, from `first` on (mail, then control).
  std::vector<unread_row> unread(const address& dst, lane first, std::size_t limit);

  std::size_t sweep_rows(instant before, std::size_t limit);
  std::size_t sweep_events(instant before, std::size_t limit);
  std::size_t sweep_letters(instant before, std::size_t limit);
  std::size_t sweep_marks(std::size_t limit);
  std::size_t sweep_blobs(std::size_t limit);

private:
  struct mark_key {
    std::uint64_t dst = 0;
    std::uint64_t lane = 0;
    std::uint64_t src = 0;
  };

  payload_reader payloads_;
  statement open_rows_;
  statement unread_;
  statement expired_rows_;
  statement erase_row_;
  statement oldest_events_;
  statement erase_events_;
  statement old_letters_;
  statement erase_letter_;
  statement marks_;
  statement erase_mark_;
  statement blobs_;
  statement erase_blob_;
  mark_key mark_cursor_;
  std::string blob_cursor_;
};

} // namespace troupe::storage
