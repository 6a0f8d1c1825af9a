#include "storage/postgres/schema.hpp"

#include "storage/postgres/session.hpp"

#include <array>

namespace troupe::storage::postgres {
namespace {

// Tables that belong to an agent are keyed by its birth. Times are milliseconds since 1970; NULL means never.
// What often changes is kept out of the rows that are locked to fence (agent) and of what carries indexes.
constexpr std::string_view first_tables = R"sql(
CREATE TABLE store(
  one boolean PRIMARY KEY CHECK(one), id bigint NOT NULL, created timestamptz NOT NULL DEFAULT now());
INSERT INTO store(one, id) VALUES(true, ('x' || substr(md5(gen_random_uuid()::text), 1, 15))::bit(60)::bigint);

CREATE SEQUENCE births;
CREATE SEQUENCE node_epochs;
CREATE SEQUENCE event_numbers;

-- One row a data folder: the gate of its groups. A group passes only from `commits` to the next number, so that
-- a statement that was sent twice, or by a former process, is carried out once at most.
CREATE TABLE writer(node bytea PRIMARY KEY, epoch bigint NOT NULL, commits bigint NOT NULL) WITH (fillfactor = 20);
-- What its last group came to, and its part of the ledger.
CREATE TABLE tally(
  node bytea PRIMARY KEY, n bigint NOT NULL, passed varbit NOT NULL,
  sent bigint NOT NULL, applied bigint NOT NULL, skipped bigint NOT NULL, dead_lettered bigint NOT NULL)
  WITH (fillfactor = 20);

-- Who is in the cluster; written by cluster/ with compare-and-set on `version`. state: 0 up, 1 cordoned,
-- 2 draining, 3 left, 4 dead.
CREATE TABLE member(
  epoch bigint PRIMARY KEY, version bigint NOT NULL, state smallint NOT NULL, node text NOT NULL,
  lease_until bigint NOT NULL, body bytea NOT NULL) WITH (fillfactor = 20);

CREATE TABLE agent(
  birth bigint PRIMARY KEY, addr bytea NOT NULL UNIQUE,
  tenant text COLLATE "C" NOT NULL, kind text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL,
  epoch bigint NOT NULL,
  owner bigint NOT NULL,           -- epoch of the node that claimed it last
  status smallint NOT NULL DEFAULT 0, reason text NOT NULL DEFAULT '') WITH (fillfactor = 70);
CREATE INDEX agent_name ON agent(tenant, kind, key);
CREATE INDEX agent_owner ON agent(owner);
CREATE TABLE due(birth bigint PRIMARY KEY, at bigint NOT NULL) WITH (fillfactor = 70);
CREATE INDEX due_at ON due(at, birth);

CREATE TABLE row(
  birth bigint NOT NULL, class smallint NOT NULL, key bytea NOT NULL,
  schema integer NOT NULL, body bytea, blob bytea, expires bigint,
  PRIMARY KEY(birth, class, key)) WITH (fillfactor = 80);
CREATE INDEX row_expiry ON row(expires) WHERE expires IS NOT NULL AND class IN (6, 11);
CREATE INDEX row_blob ON row(blob) WHERE blob IS NOT NULL;

CREATE TABLE outbox(
  dst bytea NOT NULL, lane smallint NOT NULL, src bigint NOT NULL, n bigint NOT NULL,
  receiver text NOT NULL,          -- dst in words: nobody may have created it yet
  envelope bytea, blob bytea,
  PRIMARY KEY(dst, lane, src, n));
CREATE INDEX outbox_sender ON outbox(src);
CREATE INDEX outbox_blob ON outbox(blob) WHERE blob IS NOT NULL;

CREATE TABLE mark(
  dst bigint NOT NULL, lane smallint NOT NULL, src bigint NOT NULL, n bigint NOT NULL,
  PRIMARY KEY(dst, lane, src)) WITH (fillfactor = 50);

CREATE TABLE effect(
  id text COLLATE "C" PRIMARY KEY, birth bigint NOT NULL,
  executor bigint NOT NULL, attempt integer NOT NULL, done boolean NOT NULL DEFAULT false,
  verb text NOT NULL, target bytea NOT NULL, key bytea NOT NULL, deadline bigint, once boolean NOT NULL,
  body bytea, blob bytea, result bytea, result_blob bytea);
CREATE INDEX effect_agent ON effect(birth);
CREATE INDEX effect_blob ON effect(blob) WHERE blob IS NOT NULL;
CREATE INDEX effect_result_blob ON effect(result_blob) WHERE result_blob IS NOT NULL;

CREATE TABLE dead_letter(
  id text COLLATE "C" PRIMARY KEY, reason text NOT NULL, note text NOT NULL,
  to_agent text NOT NULL, from_agent text NOT NULL, at bigint NOT NULL, replayed boolean NOT NULL DEFAULT false,
  envelope bytea, blob bytea);
CREATE INDEX dead_letter_at ON dead_letter(at);
CREATE INDEX dead_letter_blob ON dead_letter(blob) WHERE blob IS NOT NULL;

-- The history, a partition a month: the sweep drops whole months.
CREATE TABLE event(
  birth bigint NOT NULL, number bigint NOT NULL, at bigint NOT NULL,
  kind text NOT NULL, trace text NOT NULL, detail bytea, blob bytea) PARTITION BY RANGE(at);
CREATE INDEX event_agent ON event(birth, number);
CREATE INDEX event_at ON event(at);
CREATE INDEX event_blob ON event(blob) WHERE blob IS NOT NULL;
CREATE TABLE event_other PARTITION OF event DEFAULT;

-- state: 0 live, 1 to be deleted unless a commit names it first, 2 being uploaded. Chunks go with their blob.
CREATE TABLE blob(
  hash bytea PRIMARY KEY, state smallint NOT NULL DEFAULT 0, at timestamptz NOT NULL DEFAULT now());
CREATE TABLE blob_chunk(
  hash bytea NOT NULL REFERENCES blob ON DELETE CASCADE, n integer NOT NULL, body bytea NOT NULL,
  PRIMARY KEY(hash, n));
ALTER TABLE blob_chunk ALTER COLUMN body SET STORAGE EXTERNAL;

CREATE TABLE listing(
  birth bigint NOT NULL, item bytea NOT NULL, category bytea NOT NULL, name bytea NOT NULL, state bytea NOT NULL,
  open boolean NOT NULL, updated bigint NOT NULL, detail bytea, blob bytea,
  PRIMARY KEY(birth, item));
CREATE INDEX listing_open ON listing(category, open, birth DESC, item);
CREATE INDEX listing_blob ON listing(blob) WHERE blob IS NOT NULL;
CREATE TABLE attribute(
  birth bigint NOT NULL, item bytea NOT NULL, category bytea NOT NULL, name bytea NOT NULL, value bytea NOT NULL,
  hash bytea GENERATED ALWAYS AS (sha256(value)) STORED,
  PRIMARY KEY(birth, item, category, name, hash));
CREATE INDEX attribute_value ON attribute(category, name, hash, birth DESC, item);
)sql";

// Functions of the store itself, and what people see with psql.
constexpr std::string_view first_functions = R"sql(
CREATE FUNCTION troupe_refuse(code text, note text) RETURNS varbit VOLATILE LANGUAGE plpgsql AS
  $$BEGIN RAISE EXCEPTION USING ERRCODE = code, MESSAGE = note; END$$;
CREATE FUNCTION troupe_body(inline bytea, named bytea) RETURNS bytea STABLE LANGUAGE sql AS
  $$SELECT CASE WHEN named IS NULL THEN inline
    ELSE (SELECT string_agg(body, ''::bytea ORDER BY n) FROM blob_chunk WHERE hash = named) END$$;

CREATE VIEW agents AS SELECT birth,
  CASE tenant WHEN 'default' THEN '' ELSE '@' || tenant || '/' END || kind || '/' || key AS agent, epoch, owner,
  CASE status WHEN 0 THEN 'active' WHEN 1 THEN 'stopped' ELSE 'failed' END AS status, reason,
  to_timestamp(due.at / 1000.0) AS next_due FROM agent LEFT JOIN due USING(birth);
CREATE VIEW pending AS SELECT agents.agent AS sender, receiver,
  CASE lane WHEN 0 THEN 'mail' ELSE 'control' END AS lane, n AS number, octet_length(envelope) AS bytes
  FROM outbox LEFT JOIN agents ON agents.birth = outbox.src;
CREATE VIEW history AS SELECT number, agents.agent, event.kind, to_timestamp(event.at / 1000.0) AS at, trace,
  encode(detail, 'escape') AS detail FROM event LEFT JOIN agents USING(birth);
CREATE VIEW dead_letters AS SELECT id, reason, note, from_agent, to_agent,
  to_timestamp(at / 1000.0) AS at, replayed FROM dead_letter;
)sql";

constexpr std::array steps = {migration{first_tables}, migration{first_functions}};

constexpr std::array payloads = {
    payload_column{"row", "blob"},         payload_column{"outbox", "blob"},
    payload_column{"effect", "blob"},      payload_column{"effect", "result_blob"},
    payload_column{"dead_letter", "blob"}, payload_column{"event", "blob"},
    payload_column{"listing", "blob"},
};

constexpr statement known_version = {"known_version", "SELECT to_regclass('migration') IS NOT NULL"};

} // namespace

std::span<const migration> migrations() { return steps; }

std::span<const payload_column> payload_columns() { return payloads; }

result<std::size_t> schema_version(session& on, std::span<const migration> steps) {
  std::size_t seen = 0;
  if (on.run(known_version).flag(0, 0))
    seen = on.run("SELECT coalesce(max(step), 0) FROM migration").natural(0, 0);
  if (seen > steps.size())
    return fail(fault::refused,
                "the database has schema " + std::to_string(seen) + ", this build knows up to " +
                    std::to_string(steps.size()),
                "start it with the newer troupe that wrote it");
  return seen;
}

result<void> migrate(session& on, const std::string& schema, std::span<const migration> steps) {
  transaction whole(on);
  // Nobody else changes the schema meanwhile; a table takes longer to make than a turn may to commit.
  on.run("SET LOCAL lock_timeout TO 60000; SET LOCAL statement_timeout TO 120000;"
         " SELECT pg_advisory_xact_lock(hashtext('troupe schema'), hashtext('" +
         schema + "'))");
  on.run("CREATE SCHEMA IF NOT EXISTS \"" + schema + "\"");
  const auto seen = schema_version(on, steps);
  if (!seen)
    return tl::unexpected(seen.error());
  if (*seen < steps.size())
    on.run("CREATE TABLE IF NOT EXISTS migration(step integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT "
           "now())");
  for (std::size_t step = *seen; step < steps.size(); ++step)
    on.run(std::string(steps[step].sql) + "INSERT INTO migration(step) VALUES(" + std::to_string(step + 1) +
           ")");
  whole.commit();
  return {};
}

void make_partitions(session& on) {
  on.run(R"sql(DO $$
DECLARE month timestamp; next timestamp; name text;
BEGIN
  FOR ahead IN 0..2 LOOP
    month := date_trunc('month', now() AT TIME ZONE 'UTC') + make_interval(months => ahead);
    next := month + interval '1 month';
    name := 'event_' || to_char(month, 'YYYY_MM');
    IF to_regclass(name) IS NULL THEN
      PERFORM pg_advisory_xact_lock(hashtext('troupe partition'), hashtext(current_schema()));
      BEGIN -- what this session knows of the catalog may be older than the lock it has just got
        EXECUTE format('CREATE TABLE %I PARTITION OF event FOR VALUES FROM (%s) TO (%s)', name,
          (extract(epoch FROM month AT TIME ZONE 'UTC') * 1000)::bigint,
          (extract(epoch FROM next AT TIME ZONE 'UTC') * 1000)::bigint);
      EXCEPTION WHEN duplicate_table THEN NULL;
      END;
    END IF;
  END LOOP;
END $$)sql");
}

} // namespace troupe::storage::postgres
