#include "storage/postgres/agent_loader.hpp"

#include "storage/postgres/plan_encoder.hpp"

#include <unordered_map>

namespace troupe::storage::postgres {
namespace {

using by_birth = std::unordered_map<std::uint64_t, journal::loaded_agent*>;

// Ingress rows of a shard may be many and are looked up one by one.
static_assert(static_cast<int>(journal::row_class::ingress) == 11,
              "the number stands in the statement below");

const statement& rows_of_agents() {
  static const std::string columns = "SELECT birth, class, key, schema, expires, " + body_of("row") +
                                     " FROM row WHERE birth = ANY($1::int8[])";
  static const std::string sql =
      columns + " AND class < 11 UNION ALL " + columns + " AND class > 11 ORDER BY 1, 2, 3";
  static const statement s = {"rows_of_agents", sql};
  return s;
}

const statement& effects_of_agents() {
  static const std::string sql =
      "SELECT birth, " + effect_columns() + " FROM effect WHERE birth = ANY($1::int8[]) ORDER BY birth, id";
  static const statement s = {"effects_of_agents", sql};
  return s;
}

constexpr statement due_of_agents = {"due_of_agents",
                                     "SELECT birth, at FROM due WHERE birth = ANY($1::int8[])"};
constexpr statement births_so_far = {"births_so_far", "SELECT last_value FROM births"};
constexpr statement agent_named = {"agent_named", "SELECT birth, epoch, status, reason, owner FROM agent"
                                                  " WHERE addr = $1::bytea"};

parameters births_of(const by_birth& agents) {
  wire_array births(element::int8);
  for (const auto& [birth, agent] : agents)
    births.number(birth);
  parameters p;
  p.array(std::move(births));
  return p;
}

void load_rows(session& on, const by_birth& agents) {
  const table found = on.run(rows_of_agents(), births_of(agents));
  for (std::size_t i = 0; i < found.size(); ++i) {
    journal::agent_row row;
    row.cls = static_cast<journal::row_class>(found.number(i, 1));
    row.key = found.bytes(i, 2);
    row.schema = static_cast<std::uint32_t>(found.number(i, 3));
    row.expires = found.time(i, 4);
    row.body = found.bytes(i, 5);
    agents.at(found.natural(i, 0))->rows.push_back(std::move(row));
  }
}

} // namespace

std::string body_of(const std::string& of, const std::string& inline_body, const std::string& blob) {
  return "CASE WHEN " + of + "." + blob + " IS NULL THEN " + of + "." + inline_body +
         " ELSE (SELECT string_agg(c.body, ''::bytea ORDER BY c.n) FROM blob_chunk c WHERE c.hash = " + of +
         "." + blob + ") END";
}

void load(session& on, std::vector<journal::loaded_agent>& agents) {
  by_birth wanted;
  for (auto& agent : agents)
    wanted.emplace(agent.birth, &agent);
  if (wanted.empty())
    return;
  const table due = on.run(due_of_agents, births_of(wanted));
  for (std::size_t i = 0; i < due.size(); ++i)
    wanted.at(due.natural(i, 0))->next_due = due.time(i, 1);
  load_rows(on, wanted);
  const table effects = on.run(effects_of_agents(), births_of(wanted));
  for (std::size_t i = 0; i < effects.size(); ++i)
    wanted.at(effects.natural(i, 0))->effects.push_back(read_effect(effects, i, 1));
  const std::uint64_t births = on.run(births_so_far).natural(0, 0);
  for (auto& agent : agents)
    agent.births = births;
}

std::optional<journal::loaded_agent> load(session& on, const agent_id& id) {
  const table found = on.run(agent_named, parameters().bytes(bytes_of(id.addr())));
  if (found.size() == 0)
    return std::nullopt;
  std::vector<journal::loaded_agent> one(1);
  one[0].id = id;
  one[0].birth = found.natural(0, 0);
  one[0].epoch = found.natural(0, 1);
  one[0].status = static_cast<journal::agent_status>(found.number(0, 2));
  one[0].reason = found.string(0, 3);
  one[0].owner = found.natural(0, 4);
  load(on, one);
  return std::move(one[0]);
}

const std::string& effect_columns() {
  static const std::string columns =
      "effect.id, verb, target, effect.key, deadline, once, executor, attempt, done, " + body_of("effect") +
      ", " + body_of("effect", "result", "result_blob");
  return columns;
}

journal::effect_row read_effect(const table& from, std::size_t row, int column) {
  journal::effect_row found;
  found.effect.id = from.string(row, column);
  found.effect.verb = from.string(row, column + 1);
  found.effect.target = from.bytes(row, column + 2);
  found.effect.key = from.bytes(row, column + 3);
  found.effect.deadline = from.time(row, column + 4);
  found.effect.once = from.flag(row, column + 5);
  found.executor = from.natural(row, column + 6);
  found.attempt = static_cast<std::uint32_t>(from.number(row, column + 7));
  found.effect.body = from.bytes(row, column + 9);
  if (from.flag(row, column + 8))
    found.result = from.bytes(row, column + 10);
  return found;
}

} // namespace troupe::storage::postgres
