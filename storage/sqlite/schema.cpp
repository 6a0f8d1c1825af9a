#include "storage/sqlite/schema.hpp"

#include "storage/sqlite/connection.hpp"

#include <array>

namespace troupe::storage {
namespace {

// Tables that belong to an agent are keyed by its birth: agents that live at the same time lie side by side,
// so a group of their turns touches few pages. Times are milliseconds since 1970; NULL means never.
constexpr std::string_view first_tables = R"sql(
CREATE TABLE store(
  one INTEGER PRIMARY KEY CHECK(one = 1),
  id INTEGER NOT NULL,             -- drawn once: ties commit.no to this database
  node_epoch INTEGER NOT NULL,     -- openings so far
  commits INTEGER NOT NULL,        -- groups written so far
  births INTEGER NOT NULL,         -- highest birth given out
  events INTEGER NOT NULL,         -- highest event number given out
  sent INTEGER NOT NULL, applied INTEGER NOT NULL, skipped INTEGER NOT NULL, dead_lettered INTEGER NOT NULL);

CREATE TABLE agent(
  birth INTEGER PRIMARY KEY,
  tenant TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  status INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '',
  next_due INTEGER,
  last_event INTEGER NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX agent_name ON agent(tenant, kind, key);
CREATE INDEX agent_due ON agent(next_due) WHERE next_due IS NOT NULL;

CREATE TABLE row(
  birth INTEGER NOT NULL, class INTEGER NOT NULL, key BLOB NOT NULL,
  schema INTEGER NOT NULL, body BLOB, blob BLOB, expires INTEGER,
  PRIMARY KEY(birth, class, key)) WITHOUT ROWID;
CREATE INDEX row_expiry ON row(expires) WHERE expires IS NOT NULL AND class IN (6, 11);
CREATE INDEX row_blob ON row(blob) WHERE blob IS NOT NULL;

CREATE TABLE outbox(
  dst BLOB NOT NULL, lane INTEGER NOT NULL, src INTEGER NOT NULL, n INTEGER NOT NULL,
  receiver TEXT NOT NULL,          -- dst in words: nobody may have created it yet
  envelope BLOB, blob BLOB,
  PRIMARY KEY(dst, lane, src, n)) WITHOUT ROWID;
CREATE INDEX outbox_blob ON outbox(blob) WHERE blob IS NOT NULL;

CREATE TABLE mark(
  dst INTEGER NOT NULL, lane INTEGER NOT NULL, src INTEGER NOT NULL, n INTEGER NOT NULL,
  PRIMARY KEY(dst, lane, src)) WITHOUT ROWID;

CREATE TABLE effect(
  id TEXT NOT NULL PRIMARY KEY, birth INTEGER NOT NULL,
  executor INTEGER NOT NULL, attempt INTEGER NOT NULL, done INTEGER NOT NULL DEFAULT 0,
  verb TEXT NOT NULL, target TEXT NOT NULL, key TEXT NOT NULL, deadline INTEGER, once INTEGER NOT NULL,
  body BLOB, blob BLOB, result BLOB, result_blob BLOB) WITHOUT ROWID;
CREATE INDEX effect_agent ON effect(birth, executor, done);
CREATE INDEX effect_blob ON effect(blob) WHERE blob IS NOT NULL;
CREATE INDEX effect_result_blob ON effect(result_blob) WHERE result_blob IS NOT NULL;

CREATE TABLE dead_letter(
  id TEXT NOT NULL PRIMARY KEY, reason TEXT NOT NULL, note TEXT NOT NULL,
  to_agent TEXT NOT NULL, from_agent TEXT NOT NULL, at INTEGER NOT NULL, replayed INTEGER NOT NULL DEFAULT 0,
  envelope BLOB, blob BLOB) WITHOUT ROWID;
CREATE INDEX dead_letter_at ON dead_letter(at);
CREATE INDEX dead_letter_blob ON dead_letter(blob) WHERE blob IS NOT NULL;

-- Appended in order of time and cut off at the old end. `before` chains the events of one agent, newest first, from
-- agent.last_event: an index on the agent would dirty a page per agent in every group.
CREATE TABLE event(
  number INTEGER PRIMARY KEY, birth INTEGER NOT NULL, before INTEGER NOT NULL,
  kind TEXT NOT NULL, trace TEXT NOT NULL, at INTEGER NOT NULL, detail BLOB, blob BLOB);
CREATE INDEX event_blob ON event(blob) WHERE blob IS NOT NULL;

CREATE TABLE blob(hash BLOB NOT NULL PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;
)sql";

// What people look for. `attribute` is written only when a line's attributes change; `open` splits the few
// that live from the many that ended, so that neither list walks through the other.
constexpr std::string_view listing_tables = R"sql(
CREATE TABLE listing(
  birth INTEGER NOT NULL, item TEXT NOT NULL, category TEXT NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL,
  open INTEGER NOT NULL, updated INTEGER NOT NULL, detail BLOB, blob BLOB,
  PRIMARY KEY(birth, item)) WITHOUT ROWID;
CREATE INDEX listing_open ON listing(category, open, birth, item);
CREATE INDEX listing_blob ON listing(blob) WHERE blob IS NOT NULL;
CREATE TABLE attribute(
  category TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, birth INTEGER NOT NULL, item TEXT NOT NULL,
  PRIMARY KEY(category, name, value, birth, item)) WITHOUT ROWID;
CREATE INDEX attribute_agent ON attribute(birth, item);
CREATE VIEW listings AS SELECT agents.agent, item, category, name, state, open,
  datetime(updated / 1000, 'unixepoch') AS updated, coalesce(listing.detail, blob.body) AS detail
  FROM listing JOIN agents USING(birth) LEFT JOIN blob ON blob.hash = listing.blob;
)sql";

// For people with the sqlite3 shell; the store itself reads tables only.
constexpr std::string_view first_views = R"sql(
CREATE VIEW agents AS SELECT birth,
  CASE tenant WHEN 'default' THEN '' ELSE '@' || tenant || '/' END || kind || '/' || key AS agent, epoch,
  CASE status WHEN 0 THEN 'active' WHEN 1 THEN 'stopped' ELSE 'failed' END AS status, reason,
  datetime(next_due / 1000, 'unixepoch') AS next_due FROM agent;
CREATE VIEW rows AS SELECT agents.agent,
  CASE class WHEN 1 THEN 'document' WHEN 2 THEN 'task' WHEN 3 THEN 'record' WHEN 4 THEN 'base' WHEN 5 THEN 'timer'
    WHEN 6 THEN 'call key' WHEN 7 THEN 'signal' WHEN 8 THEN 'crash count' WHEN 9 THEN 'snapshot' WHEN 10 THEN 'fold'
    WHEN 11 THEN 'ingress' WHEN 13 THEN 'definition' ELSE 'counter' END AS class,
  CAST(row.key AS TEXT) AS key, schema, coalesce(row.body, blob.body) AS body,
  datetime(expires / 1000, 'unixepoch') AS expires
  FROM row JOIN agents USING(birth) LEFT JOIN blob ON blob.hash = row.blob;
CREATE VIEW pending AS SELECT agents.agent AS sender, receiver,
  CASE lane WHEN 0 THEN 'mail' ELSE 'control' END AS lane, n AS number,
  coalesce(envelope, blob.body) AS envelope
  FROM outbox LEFT JOIN agents ON agents.birth = outbox.src LEFT JOIN blob ON blob.hash = outbox.blob;
CREATE VIEW marks AS SELECT receiver.agent AS receiver, sender.agent AS sender,
  CASE lane WHEN 0 THEN 'mail' ELSE 'control' END AS lane, n AS number
  FROM mark JOIN agents AS receiver ON receiver.birth = dst LEFT JOIN agents AS sender ON sender.birth = src;
CREATE VIEW history AS SELECT number, agents.agent, event.kind, datetime(at / 1000, 'unixepoch') AS at, trace,
  CAST(coalesce(detail, blob.body) AS TEXT) AS detail
  FROM event LEFT JOIN agents USING(birth) LEFT JOIN blob ON blob.hash = event.blob;
CREATE VIEW dead_letters AS SELECT id, reason, note, from_agent, to_agent,
  datetime(at / 1000, 'unixepoch') AS at, replayed FROM dead_letter;
)sql";

constexpr std::array steps = {migration{first_tables}, migration{first_views}, migration{listing_tables}};

constexpr std::array payloads = {
    payload_column{"row", "blob"},         payload_column{"outbox", "blob"},
    payload_column{"effect", "blob"},      payload_column{"effect", "result_blob"},
    payload_column{"dead_letter", "blob"}, payload_column{"event", "blob"},
    payload_column{"listing", "blob"},
};

} // namespace

std::span<const migration> migrations() { return steps; }

std::span<const payload_column> payload_columns() { return payloads; }

result<std::size_t> schema_version(connection& db, std::span<const migration> steps) {
  const auto seen = static_cast<std::size_t>(db.number("PRAGMA user_version"));
  if (seen > steps.size())
    return fail(fault::refused,
                "the database has schema " + std::to_string(seen) + ", this build knows up to " +
                    std::to_string(steps.size()),
                "start it with the newer troupe that wrote it");
  return seen;
}

result<void> migrate(connection& db, std::span<const migration> steps) {
  const auto seen = schema_version(db, steps);
  if (!seen)
    return tl::unexpected(seen.error());
  for (std::size_t step = *seen; step < steps.size(); ++step) {
    transaction whole(db, transaction::mode::write);
    db.execute(std::string(steps[step].sql).c_str());
    db.execute(("PRAGMA user_version=" + std::to_string(step + 1)).c_str());
    whole.commit();
  }
  return {};
}

} // namespace troupe::storage
