#include "storage/sqlite/queries.hpp"

#include "storage/sqlite/sql_error.hpp"
#include "storage/sqlite/stream_table.hpp"

#include <sqlite3.h>

namespace troupe::storage {
namespace {

agent_id named(const rows& row, int column) {
  auto id = agent_id::make(row.string(column), row.string(column + 1), row.string(column + 2));
  if (!id)
    throw sql_error(SQLITE_CORRUPT, "an agent's name cannot be read: " + id.error().message);
  return *id;
}

} // namespace

duty_query::duty_query(connection& db)
    : next_receiver_(db, "SELECT dst, receiver FROM outbox WHERE dst > ?1 ORDER BY dst LIMIT 1")
    , any_message_(db, "SELECT 1 FROM outbox WHERE dst = ?1 LIMIT 1")
    , due_(db, "SELECT tenant, kind, key, next_due, birth FROM agent WHERE next_due <= ?1"
               " AND (next_due, birth) > (?2, ?3) ORDER BY next_due, birth")
    , effects_(db, "SELECT DISTINCT agent.tenant, agent.kind, agent.key, effect.birth, next_due"
                   " FROM effect JOIN agent USING(birth)"
                   " WHERE effect.birth > ?1 AND (done = 1 OR executor <> ?2) ORDER BY effect.birth") {}

result<journal::page<journal::duty>> duty_query::run(instant now, std::uint64_t node_epoch,
                                                     const std::string& cursor, std::size_t limit) {
  auto at = duty_place::parse(cursor);
  if (!at)
    return tl::unexpected(at.error());
  limit = bounded_page(limit);
  journal::page<journal::duty> found;
  if (at->in == duty_place::pass::mail)
    mail(*at, limit, found.items);
  if (at->in == duty_place::pass::due)
    due(*at, now, limit, found.items);
  if (at->in == duty_place::pass::effects)
    effects(*at, now, node_epoch, limit, found.items);
  found.next_cursor = at->cursor();
  return found;
}

void duty_query::mail(duty_place& at, std::size_t limit, std::vector<journal::duty>& into) {
  while (into.size() < limit) {
    auto row = next_receiver_.query(bytes{at.dst});
    if (!row.next()) {
      at.in = duty_place::pass::due;
      return;
    }
    auto id = agent_id::parse(row.view(1));
    if (!id)
      throw sql_error(SQLITE_CORRUPT, "a receiver's name cannot be read: " + id.error().message);
    into.push_back({*id});
    at.dst = row.string(0);
  }
}

void duty_query::due(duty_place& at, instant now, std::size_t limit, std::vector<journal::duty>& into) {
  const duty_place from = at;
  auto row = due_.query(to_ms(now), from.due, from.birth);
  while (into.size() < limit) {
    if (!row.next()) {
      at.in = duty_place::pass::effects;
      at.birth = 0;
      return;
    }
    at.due = row.number(3);
    at.birth = row.natural(4);
    if (const agent_id id = named(row, 0); !has_mail(id))
      into.push_back({id});
  }
}

void duty_query::effects(duty_place& at, instant now, std::uint64_t node_epoch, std::size_t limit,
                         std::vector<journal::duty>& into) {
  auto row = effects_.query(std::uint64_t{at.birth}, node_epoch);
  while (into.size() < limit) {
    if (!row.next()) {
      at.in = duty_place::pass::over;
      return;
    }
    at.birth = row.natural(3);
    const agent_id id = named(row, 0);
    if (row.time(4) > now && !has_mail(id))
      into.push_back({id});
  }
}

bool duty_query::has_mail(const agent_id& id) { return any_message_.query(column(id.addr())).next(); }

} // namespace troupe::storage
