#pragma once

#include "storage/sqlite/agent_table.hpp"
#include "storage/sqlite/payload.hpp"
#include "storage/sqlite/streams.hpp"

#include <unordered_map>
#include <vector>

namespace troupe::storage {

/// Outboxes and marks. Gives every outgoing row the next number of its stream: the larger of the stream's
/// mark and its highest row, plus one (ADR 0003).
class stream_table {
public:
  stream_table(connection& db, agent_table& agents, payload_writer& payloads, pending_book& book);

  /// `dst`: the receiver's birth, empty if nobody has created it.
  stream_state& state(const stream& s, std::optional<std::uint64_t> dst);
  stream_state& state(std::uint64_t src, const journal::outgoing& row);

  std::uint64_t append(std::uint64_t src, const journal::outgoing& row);

  /// Moves the mark and takes the rows it passes out of their outbox, at the end of the group. A group's
  /// advances of one stream are written once.
  void advance(const stream& s, std::uint64_t dst, std::uint64_t to);

  /// With `keep_rows` what the marks have passed is left for `delete_consumed` (unsafe_options::no_dedupe).
  void flush(bool keep_rows);
  void delete_consumed();

  /// Removes one pending row; its stream must be forgotten afterwards.
  void discard(const stream& s, std::uint64_t number);
  /// Removes the marks of a receiver that goes away and forgets its streams.
  void erase_marks(std::uint64_t dst, const address& at);
  void forget(const stream& s) { cache_.forget(s); }
  void end_group() { cache_.trim(); }

private:
  struct advanced {
    std::uint64_t dst = 0;
    std::uint64_t from = 0;
    std::uint64_t to = 0;
  };

  agent_table& agents_;
  payload_writer& payloads_;
  pending_book& book_;
  stream_cache cache_;
  statement find_mark_;
  statement find_last_;
  statement insert_;
  statement insert_mark_;
  statement move_mark_;
  statement consume_;
  statement discard_;
  statement marks_of_;
  statement erase_marks_;
  std::unordered_map<stream, advanced, stream_hash> advanced_;
  std::vector<std::pair<stream, std::uint64_t>> consumed_; // kept rows, unsafe mode only
};

inline bytes column(const address& a) {
  return {{reinterpret_cast<const char*>(a.bytes.data()), a.bytes.size()}};
}

address to_address(std::string_view column);

/// Counts what lies in the outboxes; once, when the store is opened.
void fill(pending_book& book, connection& from);

} // namespace troupe::storage
