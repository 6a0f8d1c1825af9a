#include "storage/postgres/upkeep.hpp"

#include "storage/limits.hpp"
#include "storage/postgres/open_things.hpp"
#include "storage/postgres/plan_encoder.hpp"
#include "storage/unread_letter.hpp"

#include <algorithm>

namespace troupe::storage::postgres {
namespace {

constexpr std::int64_t unread_at_a_time = 1'000;

constexpr statement lock_agent = {"lock_agent", "SELECT birth FROM agent WHERE addr = $1::bytea FOR UPDATE"};

constexpr statement unread = {
    "unread", "SELECT lane, src, n, agent.tenant, agent.kind, agent.key FROM outbox"
              " LEFT JOIN agent ON agent.birth = outbox.src WHERE dst = $1::bytea AND lane >= $2::int8"
              " ORDER BY lane, src, n LIMIT $3::int8"};

// Only what this deletes is counted: somebody else may be at it too.
constexpr statement end_rows = {"end_rows", R"sql(
WITH gone AS (
  DELETE FROM outbox USING unnest($2::int2[], $3::int8[], $4::int8[], $5::text[], $6::text[])
    AS u(lane, src, n, id, sender)
  WHERE outbox.dst = $1::bytea AND outbox.lane = u.lane AND outbox.src = u.src AND outbox.n = u.n
  RETURNING outbox.lane, outbox.src, outbox.n, outbox.receiver, outbox.envelope, outbox.blob, u.id, u.sender),
letters AS (
  INSERT INTO dead_letter(id, reason, note, to_agent, from_agent, at, envelope, blob)
    SELECT id, $7::text, $8::text, receiver, sender, $9::int8, envelope, blob FROM gone WHERE lane = 0
  ON CONFLICT (id) DO NOTHING)
SELECT lane, src, n FROM gone)sql"};

constexpr statement add_to_tally = {
    "add_to_tally", "UPDATE tally SET dead_lettered = dead_lettered + $2::int8, skipped = skipped + $3::int8"
                    " WHERE node = $1::bytea"};

constexpr statement remove_agent = {"remove_agent", R"sql(
WITH a AS (DELETE FROM mark WHERE dst = $1::int8), b AS (DELETE FROM row WHERE birth = $1::int8),
  c AS (DELETE FROM listing WHERE birth = $1::int8), d AS (DELETE FROM attribute WHERE birth = $1::int8),
  e AS (DELETE FROM due WHERE birth = $1::int8)
DELETE FROM agent WHERE birth = $1::int8)sql"};

constexpr statement retire_all = {"retire", R"sql(
WITH want AS MATERIALIZED (
  SELECT * FROM unnest($1::bytea[], $2::int8[]) WITH ORDINALITY AS w(addr, epoch, n)),
held AS MATERIALIZED (
  SELECT want.n, want.addr, agent.birth FROM want JOIN agent ON agent.addr = want.addr
  WHERE agent.epoch = want.epoch AND agent.owner = $4::int8 ORDER BY agent.birth FOR UPDATE OF agent),
free AS MATERIALIZED (
  SELECT n, birth FROM held WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE dst = held.addr)
    AND NOT EXISTS (SELECT 1 FROM outbox WHERE src = held.birth)
    AND NOT EXISTS (SELECT 1 FROM effect WHERE effect.birth = held.birth)
    AND NOT EXISTS (SELECT 1 FROM row WHERE row.birth = held.birth AND class IN (2, 5, 6, 7)
      AND (class <> 6 OR expires IS NULL OR expires > $3::int8))),
a AS (DELETE FROM mark USING free WHERE dst = free.birth),
b AS (DELETE FROM row USING free WHERE row.birth = free.birth),
c AS (DELETE FROM listing USING free WHERE listing.birth = free.birth),
d AS (DELETE FROM attribute USING free WHERE attribute.birth = free.birth),
e AS (DELETE FROM due USING free WHERE due.birth = free.birth),
f AS (DELETE FROM agent USING free WHERE agent.birth = free.birth)
SELECT n FROM free)sql"};

constexpr statement exists = {"agent_exists", "SELECT 1 FROM agent WHERE addr = $1::bytea"};

} // namespace

result<bool> upkeep::purge(session& on, const agent_id& id, instant now, bool resent, stream_numbers& numbers,
                           outbox_book& book) {
  transaction whole(on);
  // Each statement after the lock sees all that was committed before it: no turn can come in between.
  const table found = on.run(lock_agent, parameters().bytes(bytes_of(id.addr())));
  if (found.size() == 0 && resent)
    return true;
  if (found.size() == 0)
    return fail(fault::not_found, "there is no agent " + id.text());
  const std::uint64_t birth = found.natural(0, 0);
  if (const std::string open = open_things(on, birth, now); !open.empty())
    return fail(fault::conflict, id.text() + " cannot be purged: it has " + open,
                "see troupe inspect " + id.text() + " --why");
  count(on, end_unread(on, id, lane::mail, now, book));
  on.run(remove_agent, parameters().number(birth));
  whole.commit();
  numbers.forget_receiver(id.addr());
  numbers.forget_sender(birth);
  return true;
}

void upkeep::retire(session& on, const std::vector<retire_job*>& jobs, bool resent, stream_numbers& numbers) {
  wire_array addresses(element::bytea), epochs(element::int8);
  for (retire_job* j : jobs) {
    addresses.bytes(bytes_of(j->id.addr()));
    epochs.number(j->epoch);
    j->found = fail(fault::conflict, j->id.text() + " is wanted again, or something of it is still open");
  }
  parameters p;
  p.array(std::move(addresses)).array(std::move(epochs)).number(to_ms(jobs.front()->now)).number(epoch_);
  const table gone = on.run(retire_all, p);
  for (std::size_t i = 0; i < gone.size(); ++i) {
    retire_job& j = *jobs.at(gone.natural(i, 0) - 1);
    j.found = true;
    numbers.forget_receiver(j.id.addr());
  }
  for (retire_job* j : jobs)
    if (resent && !j->found && on.run(exists, parameters().bytes(bytes_of(j->id.addr()))).size() == 0) {
      j->found = true; // by an earlier try
      numbers.forget_receiver(j->id.addr());
    }
}

result<std::uint32_t> upkeep::skip_control_of_absent(session& on, const agent_id& id, stream_numbers& numbers,
                                                     outbox_book& book) {
  transaction whole(on);
  if (on.run(exists, parameters().bytes(bytes_of(id.addr()))).size() > 0)
    return fail(fault::conflict, id.text() + " exists: it applies its control messages itself");
  const ended gone = end_unread(on, id, lane::control, instant{}, book);
  count(on, gone);
  whole.commit();
  numbers.forget_receiver(id.addr());
  return static_cast<std::uint32_t>(gone.skipped);
}

/// Mail becomes dead letters, control messages are skipped.
upkeep::ended upkeep::end_unread(session& on, const agent_id& to, lane first, instant now,
                                 outbox_book& book) {
  ended all;
  for (;;) {
    const table rows = on.run(unread, parameters()
                                          .bytes(bytes_of(to.addr()))
                                          .number(static_cast<std::int64_t>(first))
                                          .number(unread_at_a_time));
    if (rows.size() == 0)
      return all;
    wire_array lanes(element::int2), src(element::int8), n(element::int8), ids(element::text),
        senders(element::text);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto sender = agent_id::make(rows.string(i, 3), rows.string(i, 4), rows.string(i, 5));
      lanes.number(rows.number(i, 0));
      src.number(rows.number(i, 1));
      n.number(rows.number(i, 2));
      ids.bytes(unread_letter_id(now, to, rows.natural(i, 1), rows.natural(i, 2)));
      senders.bytes(sender ? sender->text() : std::string());
    }
    parameters p;
    p.bytes(bytes_of(to.addr())).array(std::move(lanes)).array(std::move(src)).array(std::move(n));
    p.array(std::move(ids)).array(std::move(senders)).bytes(unread_letter_reason);
    p.bytes(unread_letter_note(to)).number(to_ms(now));
    const table gone = on.run(end_rows, p);
    for (std::size_t i = 0; i < gone.size(); ++i) {
      const auto in = static_cast<lane>(gone.number(i, 0));
      ++(in == lane::mail ? all.dead_lettered : all.skipped);
      book.settled({gone.natural(i, 1), to.addr(), in}, gone.natural(i, 2));
    }
  }
}

void upkeep::count(session& on, const ended& what) {
  if (what.dead_lettered + what.skipped > 0)
    on.run(add_to_tally, parameters().bytes(node_).number(what.dead_lettered).number(what.skipped));
}

} // namespace troupe::storage::postgres
