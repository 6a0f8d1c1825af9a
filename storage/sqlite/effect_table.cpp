#include "storage/sqlite/effect_table.hpp"

namespace troupe::storage {

effect_table::effect_table(connection& db, payload_writer& payloads, std::uint64_t node_epoch)
    : node_epoch_(node_epoch)
    , payloads_(payloads)
    , reader_(db)
    , insert_(db, "INSERT OR IGNORE INTO effect(id, birth, executor, attempt, verb, target, key, deadline, "
                  "once, body,"
                  " blob) VALUES(?1, ?2, ?3, 1, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")
    , clear_(db, "DELETE FROM effect WHERE id = ?1")
    , record_(db, "UPDATE effect SET done = 1, result = ?3, result_blob = ?4"
                  " WHERE id = ?1 AND executor = ?2 AND done = 0")
    , owner_(db, "SELECT executor, done FROM effect WHERE id = ?1")
    , adopt_(db, "UPDATE effect SET executor = ?2, attempt = attempt + 1 WHERE id = ?1")
    , select_(db, "SELECT " + std::string(effect_columns) + " FROM effect WHERE id = ?1")
    , any_(db, "SELECT 1 FROM effect WHERE birth = ?1 LIMIT 1") {}

void effect_table::put(std::uint64_t birth, const journal::effect_put& effect) {
  const placed_payload body = payloads_.place(effect.body);
  insert_.run(text{effect.id}, birth, node_epoch_, text{effect.verb}, text{effect.target}, text{effect.key},
              effect.deadline, std::uint64_t{effect.once}, body.body(), body.blob());
}

void effect_table::clear(const std::string& id) { clear_.run(text{id}); }

result<bool> effect_table::record(const std::string& id, std::uint64_t executor, const std::string& outcome) {
  auto owner = owner_.query(text{id});
  if (!owner.next())
    return fail(fault::fenced, "effect " + id + " is no longer wanted: it was consumed or canceled");
  if (owner.natural(0) != executor)
    return fail(fault::fenced, "effect " + id + " belongs to another executor");
  if (owner.number(1) != 0)
    return false;
  const placed_payload body = payloads_.place(outcome);
  record_.run(text{id}, executor, body.body(), body.blob());
  return true;
}

result<journal::effect_row> effect_table::adopt(const std::string& id) {
  {
    auto owner = owner_.query(text{id});
    if (!owner.next())
      return fail(fault::not_found, "there is no effect " + id);
    const bool done = owner.number(1) != 0;
    if (!done && owner.natural(0) == node_epoch_)
      return fail(fault::conflict, "this node executes effect " + id + " already");
    if (!done)
      adopt_.run(text{id}, node_epoch_);
  }
  auto row = select_.query(text{id});
  row.next();
  return read_effect(row, reader_);
}

bool effect_table::any_of(std::uint64_t birth) { return any_.query(birth).next(); }

journal::effect_row read_effect(const rows& row, payload_reader& payloads) {
  journal::effect_row found;
  found.effect.id = row.string(0);
  found.effect.verb = row.string(1);
  found.effect.target = row.string(2);
  found.effect.key = row.string(3);
  found.effect.deadline = row.time(4);
  found.effect.once = row.number(5) != 0;
  found.executor = row.natural(6);
  found.attempt = static_cast<std::uint32_t>(row.number(7));
  found.effect.body = payloads.get(row, 9);
  if (row.number(8) != 0)
    found.result = payloads.get(row, 11);
  return found;
}

} // namespace troupe::storage
