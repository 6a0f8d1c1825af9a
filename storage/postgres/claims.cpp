#include "storage/postgres/claims.hpp"

#include "storage/postgres/agent_loader.hpp"
#include "storage/postgres/pg_error.hpp"
#include "storage/postgres/plan_encoder.hpp"

namespace troupe::storage::postgres {
namespace {

// An agent that changed hands between this statement's snapshot and its lock is looked at again (`moved`):
// whether its new owner lives is not in the snapshot either.
constexpr statement claim_all = {"claim", R"sql(
WITH want AS MATERIALIZED (
  SELECT * FROM unnest($1::bytea[], $2::text[], $3::text[], $4::text[], $5::bool[], $6::int8[], $7::int8[])
    WITH ORDINALITY AS w(addr, tenant, kind, key, make, from_owner, from_epoch, n)),
seen AS MATERIALIZED (
  SELECT want.n, agent.birth, agent.epoch FROM want JOIN agent ON agent.addr = want.addr),
held AS MATERIALIZED (
  SELECT want.n, agent.birth, agent.epoch, agent.owner, want.from_owner, want.from_epoch
  FROM want JOIN agent ON agent.addr = want.addr ORDER BY agent.birth FOR UPDATE OF agent),
free AS MATERIALIZED (
  SELECT held.*, seen.epoch IS DISTINCT FROM held.epoch AS moved,
    CASE WHEN held.from_owner IS NOT NULL THEN held.owner = held.from_owner AND held.epoch = held.from_epoch
      ELSE held.owner = $8::int8
        OR NOT EXISTS (SELECT 1 FROM member WHERE member.epoch = held.owner AND member.state < 3) END AS yes
  FROM held LEFT JOIN seen ON seen.n = held.n),
bumped AS (
  UPDATE agent SET epoch = agent.epoch + 1, owner = $8::int8 FROM free
  WHERE agent.birth = free.birth AND free.yes AND NOT free.moved
  RETURNING free.n, agent.birth, agent.epoch, agent.status, agent.reason),
born AS (
  INSERT INTO agent(birth, addr, tenant, kind, key, epoch, owner)
    SELECT nextval('births'), addr, tenant, kind, key, 1, $8::int8 FROM (
      SELECT * FROM want WHERE make AND NOT EXISTS (SELECT 1 FROM agent WHERE agent.addr = want.addr)
      ORDER BY addr) AS unborn
  ON CONFLICT (addr) DO NOTHING RETURNING addr, birth)
SELECT n, 'claimed', birth, epoch, status, reason, 0 FROM bumped
UNION ALL SELECT n, 'born', birth, 1, 0, '', 0 FROM born JOIN want ON want.addr = born.addr
UNION ALL SELECT n, CASE WHEN moved THEN 'moved' ELSE 'held' END, birth, epoch, 0, '', owner FROM free
  WHERE moved OR NOT yes)sql"};

constexpr statement outbox_of = {
    "outbox_of", "SELECT src, dst, lane, min(n), max(n) FROM outbox WHERE src = ANY($1::int8[]) AND lane = 0"
                 " GROUP BY src, dst, lane"};

parameters columns_of(const std::vector<claim_job*>& claims, std::uint64_t me) {
  wire_array addr(element::bytea), tenant(element::text), kind(element::text), key(element::text),
      make(element::boolean), owner(element::int8), epoch(element::int8);
  for (const claim_job* c : claims) {
    addr.bytes(bytes_of(c->id.addr()));
    tenant.bytes(c->id.tenant());
    kind.bytes(c->id.kind());
    key.bytes(c->id.key());
    make.number(std::int64_t{c->create});
    if (c->from) {
      owner.number(c->from->owner);
      epoch.number(c->from->epoch);
    } else {
      owner.null();
      epoch.null();
    }
  }
  parameters p;
  p.array(std::move(addr)).array(std::move(tenant)).array(std::move(kind)).array(std::move(key));
  p.array(std::move(make)).array(std::move(owner)).array(std::move(epoch)).number(me);
  return p;
}

void fill_book(session& on, const std::vector<journal::loaded_agent>& agents, outbox_book& book) {
  wire_array births(element::int8);
  for (const auto& agent : agents) {
    births.number(agent.birth);
    book.forget_sender(agent.birth);
  }
  const table rows = on.run(outbox_of, parameters().array(std::move(births)));
  for (std::size_t i = 0; i < rows.size(); ++i)
    book.found({rows.natural(i, 0), address_of(rows.bytes(i, 1)), lane::mail}, rows.natural(i, 3),
               rows.natural(i, 4));
}

journal::loaded_agent read_claimed(const table& rows, std::size_t i, const agent_id& id) {
  journal::loaded_agent agent;
  agent.id = id;
  agent.birth = rows.natural(i, 2);
  agent.epoch = rows.natural(i, 3);
  agent.status = static_cast<journal::agent_status>(rows.number(i, 4));
  agent.reason = rows.string(i, 5);
  return agent;
}

result<journal::loaded_agent> held_answer(const claim_job& c, const table& rows, std::size_t i) {
  if (c.from)
    return fail(fault::fenced, c.id.text() + " has another owner or activation by now");
  journal::loaded_agent held = read_claimed(rows, i, c.id);
  held.owner = held.held_by = rows.natural(i, 6);
  return held;
}

/// One round; the jobs it could not decide come back.
std::vector<claim_job*> claim_once(session& on, const std::vector<claim_job*>& claims, std::uint64_t me,
                                   bool resent, std::vector<journal::loaded_agent>& won,
                                   std::vector<claim_job*>& winners) {
  std::vector<claim_job*> open;
  std::vector<bool> answered(claims.size());
  const table rows = on.run(claim_all, columns_of(claims, me));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t n = rows.natural(i, 0) - 1;
    claim_job& c = *claims.at(n);
    const auto what = rows.text(i, 1);
    answered[n] = true;
    if (what == "moved") {
      open.push_back(&c);
    } else if (what == "held") {
      c.found = held_answer(c, rows, i);
    } else {
      won.push_back(read_claimed(rows, i, c.id));
      won.back().owner = me;
      // A second try finds the agent that the first has made: nobody has used it in between.
      won.back().newborn = what == "born" || (resent && c.create && won.back().epoch == 2);
      winners.push_back(&c);
    }
  }
  for (std::size_t n = 0; n < claims.size(); ++n) {
    if (answered[n])
      continue;
    if (claims[n]->create)
      open.push_back(claims[n]); // somebody else made it just now
    else
      claims[n]->found = fail(fault::not_found, "there is no agent " + claims[n]->id.text());
  }
  return open;
}

} // namespace

void claim_agents(session& on, const std::vector<claim_job*>& claims, std::uint64_t me, bool resent,
                  outbox_book& book) {
  constexpr int rounds = 10;
  std::vector<journal::loaded_agent> won;
  std::vector<claim_job*> winners;
  std::vector<claim_job*> open = claims;
  for (int round = 0; !open.empty(); ++round) {
    if (round == rounds)
      throw pg_error(remedy::again, "40001", "agents change hands faster than they can be claimed");
    open = claim_once(on, open, me, resent, won, winners);
  }
  if (won.empty())
    return;
  load(on, won);
  fill_book(on, won, book);
  for (std::size_t i = 0; i < won.size(); ++i)
    winners[i]->found = std::move(won[i]);
}

} // namespace troupe::storage::postgres
