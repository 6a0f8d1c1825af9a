#include "storage/cursors.hpp"
#include "storage/postgres/agent_loader.hpp"
#include "storage/postgres/plan_encoder.hpp"
#include "storage/postgres/queries.hpp"

namespace troupe::storage::postgres {
namespace {

constexpr statement agents_from = {
    "agents_from", "SELECT tenant, kind, key, agent.birth, epoch, status, reason, owner, due.at FROM agent"
                   " LEFT JOIN due USING(birth) WHERE (tenant, kind, key) >= ($1::text, $2::text, $3::text)"
                   " ORDER BY tenant, kind, key LIMIT $4::int8"};

const statement& events_of() {
  static const std::string sql =
      "SELECT number, event.kind, trace, event.at, " + body_of("event", "detail") +
      " FROM event WHERE birth = (SELECT birth FROM agent WHERE addr = $1::bytea) AND number < $2::int8"
      " ORDER BY number DESC LIMIT $3::int8";
  static const statement s = {"events_of", sql};
  return s;
}

const statement& letters_after() {
  static const std::string sql = "SELECT id, reason, note, to_agent, from_agent, at, replayed, " +
                                 body_of("dead_letter", "envelope") +
                                 " FROM dead_letter WHERE id > $1::text ORDER BY id LIMIT $2::int8";
  static const statement s = {"letters_after", sql};
  return s;
}

const statement& letter_by_id() {
  static const std::string sql = "SELECT id, reason, note, to_agent, from_agent, at, replayed, " +
                                 body_of("dead_letter", "envelope") + " FROM dead_letter WHERE id = $1::text";
  static const statement s = {"letter_by_id", sql};
  return s;
}

const statement& row_by_key() {
  static const std::string sql = "SELECT schema, expires, " + body_of("row") +
                                 " FROM row WHERE birth = $1::int8 AND class = $2::int8 AND key = $3::bytea";
  static const statement s = {"row_by_key", sql};
  return s;
}

constexpr statement exists = {"agent_exists", "SELECT 1 FROM agent WHERE addr = $1::bytea"};
constexpr statement replayed = {"replayed", "UPDATE dead_letter SET replayed = true WHERE id = $1::text"};
constexpr statement sums = {
    "totals",
    "SELECT (SELECT coalesce(sum(sent), 0) FROM tally), (SELECT coalesce(sum(applied), 0) FROM tally),"
    " (SELECT coalesce(sum(skipped), 0) FROM tally), (SELECT coalesce(sum(dead_lettered), 0) FROM tally),"
    " (SELECT coalesce(sum(commits), 0) FROM writer), (SELECT count(*) FROM outbox)"};

journal::stored_dead_letter read_letter(const table& rows, std::size_t i) {
  journal::stored_dead_letter found;
  found.letter.id = rows.string(i, 0);
  found.letter.reason = rows.string(i, 1);
  found.letter.note = rows.string(i, 2);
  found.letter.to = id_of(rows.text(i, 3));
  found.letter.from = id_of(rows.text(i, 4));
  found.letter.at = rows.time(i, 5);
  found.replayed = rows.flag(i, 6);
  found.letter.envelope = rows.bytes(i, 7);
  return found;
}

} // namespace

journal::page<journal::agent_summary> agents(session& on, const std::string& prefix,
                                             const std::string& cursor, std::size_t limit) {
  limit = bounded_page(limit);
  name_parts first = first_name(prefix);
  const agent_id after = id_of(cursor);
  if (const name_parts last{after.tenant(), after.kind(), after.key()}; first < last)
    first = last;
  const table rows = on.run(
      agents_from, parameters().bytes(first.tenant).bytes(first.kind).bytes(first.key).number(limit + 2));
  journal::page<journal::agent_summary> found;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto id = agent_id::make(rows.string(i, 0), rows.string(i, 1), rows.string(i, 2));
    if (!id || *id == after)
      continue;
    // Names are in order: those with the prefix lie together.
    if (!prefix.empty() && !id->text().starts_with(prefix))
      break;
    if (found.items.size() == limit) {
      found.next_cursor = found.items.back().id.text();
      break;
    }
    found.items.push_back({*id, rows.natural(i, 3), rows.natural(i, 4),
                           static_cast<journal::agent_status>(rows.number(i, 5)), rows.string(i, 6),
                           rows.time(i, 8), rows.natural(i, 7)});
  }
  return found;
}

result<journal::loaded_agent> describe(session& on, const agent_id& id) {
  transaction moment(on);
  on.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
  auto found = load(on, id);
  moment.commit();
  if (!found)
    return fail(fault::not_found, "there is no agent " + id.text());
  return std::move(*found);
}

result<journal::page<journal::stored_event>> history(session& on, const agent_id& id,
                                                     const std::string& cursor, std::size_t limit) {
  limit = bounded_page(limit);
  const std::uint64_t before = cursor.empty() ? INT64_MAX : to_number(cursor);
  const table rows =
      on.run(events_of(), parameters().bytes(bytes_of(id.addr())).number(before).number(limit + 1));
  if (rows.size() == 0 && on.run(exists, parameters().bytes(bytes_of(id.addr()))).size() == 0)
    return fail(fault::not_found, "there is no agent " + id.text());
  journal::page<journal::stored_event> found;
  for (std::size_t i = 0; i < rows.size() && i < limit; ++i)
    found.items.push_back(
        {rows.natural(i, 0), {rows.string(i, 1), rows.bytes(i, 4), rows.string(i, 2), rows.time(i, 3)}});
  if (rows.size() > limit)
    found.next_cursor = std::to_string(found.items.back().number);
  return found;
}

journal::page<journal::stored_dead_letter> dead_letters(session& on, const std::string& cursor,
                                                        std::size_t limit) {
  limit = bounded_page(limit);
  const table rows = on.run(letters_after(), parameters().bytes(cursor).number(limit + 1));
  journal::page<journal::stored_dead_letter> found;
  for (std::size_t i = 0; i < rows.size() && i < limit; ++i)
    found.items.push_back(read_letter(rows, i));
  if (rows.size() > limit)
    found.next_cursor = found.items.back().letter.id;
  return found;
}

result<journal::stored_dead_letter> dead_letter(session& on, const std::string& id) {
  const table rows = on.run(letter_by_id(), parameters().bytes(id));
  if (rows.size() == 0)
    return fail(fault::not_found, "there is no dead letter " + id);
  return read_letter(rows, 0);
}

result<bool> mark_replayed(session& on, const std::string& id) {
  if (on.run(replayed, parameters().bytes(id)).affected() == 0)
    return fail(fault::not_found, "there is no dead letter " + id);
  return true;
}

std::optional<journal::agent_row> find_row(session& on, std::uint64_t birth, journal::row_class cls,
                                           const std::string& key) {
  const table rows =
      on.run(row_by_key(), parameters().number(birth).number(static_cast<std::int64_t>(cls)).bytes(key));
  if (rows.size() == 0)
    return std::nullopt;
  return journal::agent_row{cls, key, static_cast<std::uint32_t>(rows.number(0, 0)), rows.bytes(0, 2),
                            rows.time(0, 1)};
}

journal::ledger totals(session& on) {
  const table row = on.run(sums);
  journal::ledger now;
  now.sent = row.natural(0, 0);
  now.applied = row.natural(0, 1);
  now.skipped = row.natural(0, 2);
  now.dead_lettered = row.natural(0, 3);
  now.commits = row.natural(0, 4);
  now.pending = row.natural(0, 5);
  return now;
}

} // namespace troupe::storage::postgres
