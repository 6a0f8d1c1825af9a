#include "storage/sqlite/stream_table.hpp"

#include "storage/limits.hpp"
#include "storage/sqlite/sql_error.hpp"

#include <algorithm>
#include <sqlite3.h>

namespace troupe::storage {
namespace {

std::uint64_t column(lane on) { return static_cast<std::uint64_t>(on); }

} // namespace

stream_table::stream_table(connection& db, agent_table& agents, payload_writer& payloads, pending_book& book)
    : agents_(agents)
    , payloads_(payloads)
    , book_(book)
    , cache_(limits::cached_streams)
    , find_mark_(db, "SELECT n FROM mark WHERE dst = ?1 AND lane = ?2 AND src = ?3")
    , find_last_(db, "SELECT max(n) FROM outbox WHERE dst = ?1 AND lane = ?2 AND src = ?3")
    , insert_(db, "INSERT INTO outbox(dst, lane, src, n, receiver, envelope, blob)"
                  " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)")
    , insert_mark_(db, "INSERT INTO mark(dst, lane, src, n) VALUES(?1, ?2, ?3, ?4)")
    , move_mark_(db, "UPDATE mark SET n = ?4 WHERE dst = ?1 AND lane = ?2 AND src = ?3")
    , consume_(db, "DELETE FROM outbox WHERE dst = ?1 AND lane = ?2 AND src = ?3 AND n <= ?4")
    , discard_(db, "DELETE FROM outbox WHERE dst = ?1 AND lane = ?2 AND src = ?3 AND n = ?4")
    , marks_of_(db, "SELECT lane, src FROM mark WHERE dst = ?1")
    , erase_marks_(db, "DELETE FROM mark WHERE dst = ?1") {}

stream_state& stream_table::state(const stream& s, std::optional<std::uint64_t> dst) {
  if (stream_state* known = cache_.find(s))
    return *known;
  stream_state found;
  if (dst) {
    auto mark = find_mark_.query(*dst, column(s.on), s.src);
    if (mark.next())
      found.mark = mark.natural(0);
  }
  auto last = find_last_.query(storage::column(s.dst), column(s.on), s.src);
  last.next();
  found.last = std::max(found.mark, last.natural(0));
  return cache_.remember(s, found);
}

stream_state& stream_table::state(std::uint64_t src, const journal::outgoing& row) {
  const stream s{src, row.to.addr(), row.on};
  if (stream_state* known = cache_.find(s))
    return *known;
  return state(s, agents_.birth_of(row.to));
}

std::uint64_t stream_table::append(std::uint64_t src, const journal::outgoing& row) {
  const std::uint64_t number = ++state(src, row).last;
  const std::string receiver = row.to.text();
  const placed_payload envelope = payloads_.place(row.envelope);
  insert_.run(storage::column(row.to.addr()), column(row.on), src, number, text{receiver}, envelope.body(),
              envelope.blob());
  book_.add({src, row.to.addr(), row.on}, 1);
  return number;
}

void stream_table::advance(const stream& s, std::uint64_t dst, std::uint64_t to) {
  stream_state& now = state(s, dst);
  const auto at = advanced_.try_emplace(s, advanced{dst, now.mark, to}).first;
  at->second.to = to;
  now.mark = to;
  now.last = std::max(now.last, to);
}

void stream_table::flush(bool keep_rows) {
  for (const auto& [s, a] : advanced_) {
    // Overwriting a mark in place takes half of what replacing the row does.
    statement& written = a.from > 0 ? move_mark_ : insert_mark_;
    if (written.run(a.dst, column(s.on), s.src, a.to) != 1)
      throw sql_error(SQLITE_CORRUPT, "a mark that was read is not there any more");
    if (keep_rows) {
      consumed_.emplace_back(s, a.to);
      continue;
    }
    // One row by its whole key, the usual case, is cheaper than a range of one.
    statement& taken = a.to - a.from == 1 ? discard_ : consume_;
    const std::int64_t gone = taken.run(storage::column(s.dst), column(s.on), s.src, a.to);
    if (gone != static_cast<std::int64_t>(a.to - a.from))
      throw sql_error(SQLITE_CORRUPT, "a stream misses rows between its mark and its last number");
    book_.remove(s, a.to - a.from);
  }
  advanced_.clear();
}

void stream_table::delete_consumed() {
  for (const auto& [s, to] : consumed_) {
    const std::int64_t gone = consume_.run(storage::column(s.dst), column(s.on), s.src, to);
    if (gone > 0)
      book_.remove(s, static_cast<std::uint64_t>(gone));
  }
  consumed_.clear();
}

void stream_table::discard(const stream& s, std::uint64_t number) {
  if (discard_.run(storage::column(s.dst), column(s.on), s.src, number) == 1)
    book_.remove(s, 1);
}

void stream_table::erase_marks(std::uint64_t dst, const address& at) {
  {
    auto mark = marks_of_.query(dst);
    while (mark.next())
      cache_.forget({mark.natural(1), at, static_cast<lane>(mark.number(0))});
  }
  erase_marks_.run(dst);
}

address to_address(std::string_view column) {
  address a;
  if (column.size() != a.bytes.size())
    throw sql_error(SQLITE_CORRUPT, "an address in an outbox has the wrong length");
  std::copy(column.begin(), column.end(), reinterpret_cast<char*>(a.bytes.data()));
  return a;
}

void fill(pending_book& book, connection& from) {
  statement count(from, "SELECT dst, lane, src, count(*) FROM outbox GROUP BY dst, lane, src");
  auto row = count.query();
  while (row.next())
    book.add({row.natural(2), to_address(row.view(0)), static_cast<lane>(row.number(1))}, row.natural(3));
}

} // namespace troupe::storage
