#include "storage/limits.hpp"
#include "storage/postgres/schema.hpp"
#include "storage/postgres/upkeep.hpp"

#include <algorithm>

namespace troupe::storage::postgres {
namespace {

constexpr statement expired_rows = {
    "expired_rows",
    "DELETE FROM row USING (SELECT birth, class, key FROM row WHERE expires < $1::int8"
    " AND expires IS NOT NULL AND class IN (6, 11) LIMIT $2::int8 FOR UPDATE SKIP LOCKED) AS old"
    " WHERE row.birth = old.birth AND row.class = old.class AND row.key = old.key"};
constexpr statement old_events = {
    "old_events",
    "DELETE FROM event USING (SELECT tableoid AS part, ctid AS place FROM event WHERE at < $1::int8"
    " ORDER BY at LIMIT $2::int8 FOR UPDATE SKIP LOCKED) AS old"
    " WHERE event.tableoid = old.part AND event.ctid = old.place"};
constexpr statement old_letters = {
    "old_letters",
    "DELETE FROM dead_letter USING (SELECT id FROM dead_letter WHERE at < $1::int8"
    " ORDER BY at LIMIT $2::int8 FOR UPDATE SKIP LOCKED) AS old WHERE dead_letter.id = old.id"};

constexpr statement some_marks = {
    "some_marks",
    "SELECT dst, lane, src, EXISTS (SELECT 1 FROM agent WHERE birth = mark.src) FROM mark"
    " WHERE (dst, lane, src) > ($1::int8, $2::int8, $3::int8) ORDER BY dst, lane, src LIMIT $4::int8"};
constexpr statement orphaned_marks = {
    "orphaned_marks", "DELETE FROM mark USING unnest($1::int8[], $2::int2[], $3::int8[]) AS o(dst, lane, src)"
                      " WHERE mark.dst = o.dst AND mark.lane = o.lane AND mark.src = o.src"};

/// True where a column names the blob.
std::string referenced() {
  std::string sql = "(false";
  for (const payload_column& p : payload_columns())
    sql += " OR EXISTS (SELECT 1 FROM " + std::string(p.table) + " WHERE " + std::string(p.table) + "." +
           std::string(p.column) + " = blob.hash)";
  return sql + ")";
}

const statement& some_blobs() {
  static const std::string sql = "SELECT hash, state, " + referenced() +
                                 " FROM blob WHERE hash > $1::bytea ORDER BY hash LIMIT $2::int8";
  static const statement s = {"some_blobs", sql};
  return s;
}

// A commit that names the blob meanwhile holds its row and made it live: this looks again after waiting for
// it.
const statement& delete_blobs() {
  static const std::string sql = "DELETE FROM blob WHERE hash = ANY($1::bytea[]) AND NOT " + referenced() +
                                 " AND (state = 1 OR state = 2 AND at < now() - interval '10 minutes')";
  static const statement s = {"delete_blobs", sql};
  return s;
}

constexpr statement doom_blobs = {"doom_blobs",
                                  "UPDATE blob SET state = 1 WHERE hash = ANY($1::bytea[]) AND state = 0"};

} // namespace

result<std::size_t> upkeep::sweep(session& on, const sweep_bounds& bounds) {
  const std::size_t limit = std::min(bounds.limit, limits::page_items);
  const auto before = [&](instant when) { return parameters().number(to_ms(when)).number(limit); };
  std::size_t gone = on.run(expired_rows, before(bounds.rows_before)).affected();
  gone += on.run(old_events, before(bounds.events_before)).affected();
  gone += on.run(old_letters, before(bounds.letters_before)).affected();
  return gone + sweep_marks(on, limit) + sweep_blobs(on, limit);
}

// A purged sender has no rows left (else it could not be purged) and its birth is never given again.
std::size_t upkeep::sweep_marks(session& on, std::size_t limit) {
  const table rows = on.run(
      some_marks,
      parameters().number(mark_cursor_.dst).number(mark_cursor_.lane).number(mark_cursor_.src).number(limit));
  wire_array dst(element::int8), lanes(element::int2), src(element::int8);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    mark_cursor_ = {rows.natural(i, 0), rows.number(i, 1), rows.natural(i, 2)};
    if (rows.flag(i, 3))
      continue;
    dst.number(mark_cursor_.dst);
    lanes.number(mark_cursor_.lane);
    src.number(mark_cursor_.src);
  }
  if (rows.size() < limit)
    mark_cursor_ = {};
  if (dst.size() == 0)
    return 0;
  parameters p;
  p.array(std::move(dst)).array(std::move(lanes)).array(std::move(src));
  return on.run(orphaned_marks, p).affected();
}

/// Nobody names them now: they are doomed, and go with the next sweep unless a commit has named them.
std::size_t upkeep::sweep_blobs(session& on, std::size_t limit) {
  const table rows = on.run(some_blobs(), parameters().bytes(blob_cursor_).number(limit));
  wire_array doomed(element::bytea), unnamed(element::bytea);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    blob_cursor_ = rows.bytes(i, 0);
    if (rows.flag(i, 2))
      continue;
    (rows.number(i, 1) == 0 ? unnamed : doomed).bytes(blob_cursor_);
  }
  if (rows.size() < limit)
    blob_cursor_.clear();
  if (doomed.size() > 0)
    on.run(delete_blobs(), parameters().array(std::move(doomed)));
  return unnamed.size() == 0 ? 0 : on.run(doom_blobs, parameters().array(std::move(unnamed))).affected();
}

} // namespace troupe::storage::postgres
