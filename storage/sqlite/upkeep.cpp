#include "storage/sqlite/upkeep.hpp"

#include "storage/open_reason.hpp"
#include "storage/sqlite/schema.hpp"
#include "storage/sqlite/stream_table.hpp"

#include <string_view>
#include <tuple>

namespace troupe::storage {
namespace {

/// One question for all columns that may name a blob.
std::string unreferenced_blobs() {
  std::string sql = "SELECT hash";
  for (const payload_column& p : payload_columns())
    sql += (p.table == "row" ? ", NOT (EXISTS(" : " OR EXISTS(") +
           ("SELECT 1 FROM " + std::string(p.table) + " WHERE " + std::string(p.column) + " = hash)");
  return sql + ") FROM blob WHERE hash > ?1 ORDER BY hash LIMIT ?2";
}

} // namespace

upkeep::upkeep(connection& db)
    : payloads_(db)
    , open_rows_(db, "SELECT DISTINCT class FROM row WHERE birth = ?1 AND class IN (2, 5, 6, 7)"
                     " AND (class <> 6 OR expires IS NULL OR expires > ?2)")
    , unread_(
          db,
          "SELECT lane, src, n, envelope, outbox.blob, agent.tenant, agent.kind, agent.key"
          " FROM outbox LEFT JOIN agent ON agent.birth = outbox.src WHERE dst = ?1 AND lane >= ?2 LIMIT ?3")
    , expired_rows_(db, "SELECT birth, class, key FROM row"
                        " WHERE expires < ?1 AND expires IS NOT NULL AND class IN (6, 11) LIMIT ?2")
    , erase_row_(db, "DELETE FROM row WHERE birth = ?1 AND class = ?2 AND key = ?3")
    , oldest_events_(db, "SELECT number, at FROM event ORDER BY number LIMIT ?1")
    , erase_events_(db, "DELETE FROM event WHERE number <= ?1")
    , old_letters_(db, "SELECT id FROM dead_letter WHERE at < ?1 ORDER BY at LIMIT ?2")
    , erase_letter_(db, "DELETE FROM dead_letter WHERE id = ?1")
    , marks_(db, "SELECT dst, lane, src, EXISTS(SELECT 1 FROM agent WHERE birth = src) FROM mark"
                 " WHERE (dst, lane, src) > (?1, ?2, ?3) ORDER BY dst, lane, src LIMIT ?4")
    , erase_mark_(db, "DELETE FROM mark WHERE dst = ?1 AND lane = ?2 AND src = ?3")
    , blobs_(db, unreferenced_blobs())
    , erase_blob_(db, "DELETE FROM blob WHERE hash = ?1") {}

std::string upkeep::still_open(write_context& on, std::uint64_t birth, instant now) {
  open_reasons open;
  auto row = open_rows_.query(birth, now);
  while (row.next())
    open.row(static_cast<journal::row_class>(row.number(0)));
  open.unsent(on.book.all(birth));
  if (on.effects.any_of(birth))
    open.effect();
  return open.text();
}

std::vector<unread_row> upkeep::unread(const address& dst, lane first, std::size_t limit) {
  std::vector<unread_row> found;
  auto row = unread_.query(column(dst), static_cast<std::uint64_t>(first), limit);
  while (row.next()) {
    unread_row r;
    r.of = {row.natural(1), dst, static_cast<lane>(row.number(0))};
    r.number = row.natural(2);
    r.envelope = payloads_.get(row, 3);
    if (auto sender = agent_id::make(row.string(5), row.string(6), row.string(7)))
      r.sender = sender->text();
    found.push_back(std::move(r));
  }
  return found;
}

std::size_t upkeep::sweep_rows(instant before, std::size_t limit) {
  std::vector<std::tuple<std::uint64_t, std::uint64_t, std::string>> expired;
  {
    auto row = expired_rows_.query(to_ms(before), limit);
    while (row.next())
      expired.emplace_back(row.natural(0), row.natural(1), row.string(2));
  }
  for (const auto& [birth, cls, key] : expired)
    erase_row_.run(birth, cls, bytes{key});
  return expired.size();
}

// Events are numbered in the order of time: the old ones are a prefix.
std::size_t upkeep::sweep_events(instant before, std::size_t limit) {
  std::uint64_t last = 0;
  {
    auto row = oldest_events_.query(limit);
    while (row.next() && row.number(1) < to_ms(before))
      last = row.natural(0);
  }
  return last == 0 ? 0 : static_cast<std::size_t>(erase_events_.run(last));
}

std::size_t upkeep::sweep_letters(instant before, std::size_t limit) {
  std::vector<std::string> old;
  {
    auto row = old_letters_.query(to_ms(before), limit);
    while (row.next())
      old.push_back(row.string(0));
  }
  for (const auto& id : old)
    erase_letter_.run(text{id});
  return old.size();
}

// A purged sender has no rows left (else it could not be purged) and its birth is never given again.
std::size_t upkeep::sweep_marks(std::size_t limit) {
  std::vector<mark_key> orphans;
  std::size_t seen = 0;
  {
    const mark_key from = mark_cursor_;
    auto row = marks_.query(from.dst, from.lane, from.src, limit);
    for (; row.next(); ++seen) {
      mark_cursor_ = {row.natural(0), row.natural(1), row.natural(2)};
      if (row.number(3) == 0)
        orphans.push_back(mark_cursor_);
    }
  }
  if (seen < limit)
    mark_cursor_ = {};
  for (const auto& m : orphans)
    erase_mark_.run(m.dst, m.lane, m.src);
  return orphans.size();
}

std::size_t upkeep::sweep_blobs(std::size_t limit) {
  std::vector<std::string> orphans;
  std::size_t seen = 0;
  {
    const std::string from = blob_cursor_;
    auto row = blobs_.query(bytes{from}, limit);
    for (; row.next(); ++seen) {
      blob_cursor_ = row.string(0);
      if (row.number(1) != 0)
        orphans.push_back(blob_cursor_);
    }
  }
  if (seen < limit)
    blob_cursor_.clear();
  for (const auto& hash : orphans)
    erase_blob_.run(bytes{hash});
  return orphans.size();
}

} // namespace troupe::storage
