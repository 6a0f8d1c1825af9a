#include "storage/sqlite/agent_loader.hpp"

#include "storage/sqlite/effect_table.hpp"

namespace troupe::storage {
namespace {

// Ingress rows of a shard may be many and are looked up one by one.
static_assert(static_cast<int>(journal::row_class::ingress) == 11,
              "the number stands in the statement below");
constexpr std::string_view rows_but_ingress =
    "SELECT class, key, schema, expires, body, blob FROM row WHERE birth = ?1 AND class < 11 UNION ALL "
    "SELECT class, key, schema, expires, body, blob FROM row WHERE birth = ?1 AND class > 11";

} // namespace

agent_loader::agent_loader(connection& db)
    : payloads_(db)
    , agent_(db, "SELECT birth, epoch, status, reason, next_due FROM agent WHERE tenant = ?1 AND kind = ?2 "
                 "AND key = ?3")
    , rows_(db, rows_but_ingress)
    , effects_(db, "SELECT " + std::string(effect_columns) + " FROM effect WHERE birth = ?1 ORDER BY id")
    , births_(db, "SELECT births FROM store") {}

std::optional<journal::loaded_agent> agent_loader::load(const agent_id& id) {
  journal::loaded_agent found;
  {
    auto row = agent_.query(text{id.tenant()}, text{id.kind()}, text{id.key()});
    if (!row.next())
      return std::nullopt;
    found.id = id;
    found.birth = row.natural(0);
    found.epoch = row.natural(1);
    found.status = static_cast<journal::agent_status>(row.number(2));
    found.reason = row.string(3);
    found.next_due = row.time(4);
  }
  load_rows(found);
  load_effects(found);
  auto births = births_.query();
  births.next();
  found.births = births.natural(0);
  return found;
}

void agent_loader::load_rows(journal::loaded_agent& into) {
  auto row = rows_.query(into.birth);
  while (row.next())
    into.rows.push_back(read_row(row, payloads_));
}

void agent_loader::load_effects(journal::loaded_agent& into) {
  auto row = effects_.query(into.birth);
  while (row.next())
    into.effects.push_back(read_effect(row, payloads_));
}

journal::agent_row read_row(const rows& row, payload_reader& payloads) {
  journal::agent_row found;
  found.cls = static_cast<journal::row_class>(row.number(0));
  found.key = row.string(1);
  found.schema = static_cast<std::uint32_t>(row.number(2));
  found.expires = row.time(3);
  found.body = payloads.get(row, 4);
  return found;
}

} // namespace troupe::storage
