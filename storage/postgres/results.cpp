#include "storage/postgres/results.hpp"

#include "storage/postgres/agent_loader.hpp"
#include "storage/postgres/blob_book.hpp"
#include "storage/postgres/pg_error.hpp"

namespace troupe::storage::postgres {
namespace {

constexpr statement record_all = {"record_results", R"sql(
WITH named AS MATERIALIZED (
  SELECT 1 FROM blob WHERE hash = ANY($5::bytea[]) AND state = 0 ORDER BY hash FOR SHARE),
given AS MATERIALIZED (
  SELECT * FROM unnest($1::text[], $2::int8[], $3::bytea[], $4::bytea[]) WITH ORDINALITY
    AS g(id, executor, body, blob, n) WHERE (SELECT count(*) FROM named) = cardinality($5::bytea[])),
held AS MATERIALIZED (
  SELECT effect.id FROM given JOIN effect ON effect.id = given.id ORDER BY effect.id FOR UPDATE OF effect),
written AS (
  UPDATE effect SET done = true, result = given.body, result_blob = given.blob FROM given JOIN held ON held.id = given.id
  WHERE effect.id = given.id AND effect.executor = given.executor AND NOT effect.done RETURNING given.n)
SELECT given.n, written.n IS NOT NULL, effect.executor, effect.done FROM given
  LEFT JOIN written ON written.n = given.n LEFT JOIN effect ON effect.id = given.id)sql"};

const statement& adopt_one() {
  static const std::string sql =
      "UPDATE effect SET executor = $2::int8, attempt = attempt + 1 WHERE effect.id = $1::text AND NOT done"
      " AND executor <> $2::int8 AND NOT EXISTS (SELECT 1 FROM member WHERE epoch = executor AND state < 3)"
      " RETURNING " +
      effect_columns();
  static const statement s = {"adopt_effect", sql};
  return s;
}

const statement& effect_by_id() {
  static const std::string sql = "SELECT " + effect_columns() + " FROM effect WHERE effect.id = $1::text";
  static const statement s = {"effect_by_id", sql};
  return s;
}

void judge(result_job& job, const table& rows, std::size_t i) {
  if (rows.flag(i, 1))
    job.found = true;
  else if (rows.null(i, 2))
    job.found = fail(fault::fenced, "effect " + job.id + " is no longer wanted: it was consumed or canceled");
  else if (rows.natural(i, 2) != job.executor)
    job.found = fail(fault::fenced, "effect " + job.id + " belongs to another executor");
  else if (rows.flag(i, 3))
    job.found = false;
  else
    throw pg_error(remedy::again, "40001", "an effect changed hands while its result was recorded");
}

} // namespace

void record_results(session& on, const std::vector<result_job*>& results, std::size_t blob_threshold) {
  blob_book blobs(blob_threshold);
  wire_array ids(element::text), executors(element::int8), bodies(element::bytea), hashes(element::bytea);
  for (const result_job* r : results) {
    const placed_payload placed = blobs.place(r->outcome);
    ids.bytes(r->id);
    executors.number(r->executor);
    bodies.maybe_bytes(placed.inline_body);
    hashes.maybe_bytes(placed.blob);
  }
  blobs.upload(on);
  parameters p;
  p.array(std::move(ids)).array(std::move(executors)).array(std::move(bodies)).array(std::move(hashes));
  p.array(blobs.hashes());
  const table rows = on.run(record_all, p);
  if (rows.size() < results.size())
    throw pg_error(remedy::again, blob_gone, "a blob was swept before it was named");
  for (std::size_t i = 0; i < rows.size(); ++i)
    judge(*results.at(rows.natural(i, 0) - 1), rows, i);
}

result<journal::effect_row> adopt_effect(session& on, const std::string& id, std::uint64_t me, bool resent) {
  const table adopted = on.run(adopt_one(), parameters().bytes(id).number(me));
  if (adopted.size() > 0)
    return read_effect(adopted, 0);
  const table found = on.run(effect_by_id(), parameters().bytes(id));
  if (found.size() == 0)
    return fail(fault::not_found, "there is no effect " + id);
  journal::effect_row row = read_effect(found, 0);
  if (row.result || (resent && row.executor == me))
    return row;
  if (row.executor == me)
    return fail(fault::conflict, "this node executes effect " + id + " already");
  return fail(fault::conflict,
              "node " + std::to_string(row.executor) + " executes effect " + id + " and lives");
}

} // namespace troupe::storage::postgres
