#include "storage/sqlite/queries.hpp"

namespace troupe::storage {
list_query::list_query(connection& db)
    : payloads_(db)
    , agents_(db, "SELECT tenant, kind, key, birth, epoch, status, reason, next_due FROM agent"
                  " WHERE (tenant, kind, key) >= (?1, ?2, ?3) ORDER BY tenant, kind, key")
    , newest_event_(db, "SELECT birth, last_event FROM agent WHERE tenant = ?1 AND kind = ?2 AND key = ?3")
    , event_(db, "SELECT number, birth, before, kind, trace, at, detail, blob FROM event WHERE number = ?1")
    , letters_(db,
               "SELECT id, reason, note, to_agent, from_agent, at, replayed, envelope, blob FROM dead_letter"
               " WHERE id > ?1 ORDER BY id LIMIT ?2")
    , letter_(db,
              "SELECT id, reason, note, to_agent, from_agent, at, replayed, envelope, blob FROM dead_letter"
              " WHERE id = ?1")
    , row_(db, "SELECT class, key, schema, expires, body, blob FROM row WHERE birth = ?1 AND class = ?2 AND "
               "key = ?3")
    , totals_(db, "SELECT sent, applied, skipped, dead_lettered, commits, (SELECT count(*) FROM outbox)"
                  " FROM store") {}

journal::page<journal::agent_summary> list_query::agents(const std::string& prefix, const std::string& cursor,
                                                         std::size_t limit) {
  journal::page<journal::agent_summary> found;
  name_parts first = first_name(prefix);
  const agent_id after = id_of(cursor);
  if (const name_parts last{after.tenant(), after.kind(), after.key()}; first < last)
    first = last;
  auto row = agents_.query(text{first.tenant}, text{first.kind}, text{first.key});
  while (row.next()) {
    auto id = agent_id::make(row.string(0), row.string(1), row.string(2));
    if (!id || *id == after)
      continue;
    // Names are in order: those with the prefix lie together.
    if (!prefix.empty() && !id->text().starts_with(prefix))
      break;
    if (found.items.size() == bounded_page(limit)) {
      found.next_cursor = found.items.back().id.text();
      break;
    }
    found.items.push_back({*id, row.natural(3), row.natural(4),
                           static_cast<journal::agent_status>(row.number(5)), row.string(6), row.time(7)});
  }
  return found;
}

/// Newest first. The cursor is the number of the last event shown.
result<journal::page<journal::stored_event>>
list_query::history(const agent_id& id, const std::string& cursor, std::size_t limit) {
  std::uint64_t birth = 0;
  std::uint64_t number = 0;
  {
    auto agent = newest_event_.query(text{id.tenant()}, text{id.kind()}, text{id.key()});
    if (!agent.next())
      return fail(fault::not_found, "there is no agent " + id.text());
    birth = agent.natural(0);
    number = agent.natural(1);
  }
  bool skip = !cursor.empty();
  number = skip ? to_number(cursor) : number;
  journal::page<journal::stored_event> found;
  while (number != 0) {
    auto row = event_.query(number);
    if (!row.next() || row.natural(1) != birth) // swept
      break;
    if (found.items.size() == bounded_page(limit)) {
      found.next_cursor = std::to_string(found.items.back().number);
      break;
    }
    if (!std::exchange(skip, false))
      found.items.push_back({number, {row.string(3), payloads_.get(row, 6), row.string(4), row.time(5)}});
    number = row.natural(2);
  }
  return found;
}

journal::page<journal::stored_dead_letter> list_query::dead_letters(const std::string& cursor,
                                                                    std::size_t limit) {
  journal::page<journal::stored_dead_letter> found;
  auto row = letters_.query(text{cursor}, bounded_page(limit) + 1);
  while (row.next()) {
    if (found.items.size() == bounded_page(limit)) {
      found.next_cursor = found.items.back().letter.id;
      break;
    }
    found.items.push_back(read_letter(row));
  }
  return found;
}

result<journal::stored_dead_letter> list_query::dead_letter(const std::string& id) {
  auto row = letter_.query(text{id});
  if (!row.next())
    return fail(fault::not_found, "there is no dead letter " + id);
  return read_letter(row);
}

journal::stored_dead_letter list_query::read_letter(const rows& row) {
  journal::stored_dead_letter found;
  found.letter.id = row.string(0);
  found.letter.reason = row.string(1);
  found.letter.note = row.string(2);
  found.letter.to = id_of(row.view(3));
  found.letter.from = id_of(row.view(4));
  found.letter.at = row.time(5);
  found.replayed = row.number(6) != 0;
  found.letter.envelope = payloads_.get(row, 7);
  return found;
}

std::optional<journal::agent_row> list_query::row(std::uint64_t birth, journal::row_class cls,
                                                  const std::string& key) {
  auto found = row_.query(birth, static_cast<std::uint64_t>(cls), bytes{key});
  if (!found.next())
    return std::nullopt;
  return read_row(found, payloads_);
}

journal::ledger list_query::totals() {
  auto row = totals_.query();
  row.next();
  journal::ledger now;
  now.sent = row.natural(0);
  now.applied = row.natural(1);
  now.skipped = row.natural(2);
  now.dead_lettered = row.natural(3);
  now.commits = row.natural(4);
  now.pending = row.natural(5);
  return now;
}

} // namespace troupe::storage
