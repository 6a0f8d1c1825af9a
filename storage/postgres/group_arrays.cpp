#include "storage/postgres/group_arrays.hpp"

#include "config/result.hpp"

#include <algorithm>
#include <iterator>

namespace troupe::storage::postgres {
namespace {

struct column {
  std::string_view name;
  std::string_view type;
  wire_array group_arrays::*values;
};

// The order of the parameters. The statement below names them; `numbered` puts the numbers in.
#define COLUMN(name, type)                                                                                   \
  column { #name, type, &group_arrays::name }
constexpr column columns[] = {
    COLUMN(births, "int8[]"),          COLUMN(epochs, "int8[]"),          COLUMN(sent, "int8[]"),
    COLUMN(applied, "int8[]"),         COLUMN(skipped, "int8[]"),         COLUMN(dead_lettered, "int8[]"),
    COLUMN(agent_f, "int4[]"),         COLUMN(agent_bump, "int8[]"),      COLUMN(agent_status, "int2[]"),
    COLUMN(agent_reason, "text[]"),    COLUMN(due_f, "int4[]"),           COLUMN(due_at, "int8[]"),
    COLUMN(put_f, "int4[]"),           COLUMN(put_class, "int2[]"),       COLUMN(put_key, "bytea[]"),
    COLUMN(put_schema, "int4[]"),      COLUMN(put_body, "bytea[]"),       COLUMN(put_blob, "bytea[]"),
    COLUMN(put_expires, "int8[]"),     COLUMN(erase_f, "int4[]"),         COLUMN(erase_class, "int2[]"),
    COLUMN(erase_key, "bytea[]"),      COLUMN(prefix_f, "int4[]"),        COLUMN(prefix_class, "int2[]"),
    COLUMN(prefix_from, "bytea[]"),    COLUMN(prefix_to, "bytea[]"),      COLUMN(mark_f, "int4[]"),
    COLUMN(mark_dst, "bytea[]"),       COLUMN(mark_lane, "int2[]"),       COLUMN(mark_src, "int8[]"),
    COLUMN(mark_from, "int8[]"),       COLUMN(mark_to, "int8[]"),         COLUMN(mark_fresh, "bool[]"),
    COLUMN(out_f, "int4[]"),           COLUMN(out_dst, "bytea[]"),        COLUMN(out_lane, "int2[]"),
    COLUMN(out_n, "int8[]"),           COLUMN(out_receiver, "text[]"),    COLUMN(out_envelope, "bytea[]"),
    COLUMN(out_blob, "bytea[]"),       COLUMN(effect_f, "int4[]"),        COLUMN(effect_id, "text[]"),
    COLUMN(effect_verb, "text[]"),     COLUMN(effect_target, "bytea[]"),  COLUMN(effect_key, "bytea[]"),
    COLUMN(effect_deadline, "int8[]"), COLUMN(effect_once, "bool[]"),     COLUMN(effect_body, "bytea[]"),
    COLUMN(effect_blob, "bytea[]"),    COLUMN(effect_anew, "bool[]"),     COLUMN(clear_f, "int4[]"),
    COLUMN(clear_id, "text[]"),        COLUMN(letter_f, "int4[]"),        COLUMN(letter_id, "text[]"),
    COLUMN(letter_reason, "text[]"),   COLUMN(letter_note, "text[]"),     COLUMN(letter_to, "text[]"),
    COLUMN(letter_from, "text[]"),     COLUMN(letter_at, "int8[]"),       COLUMN(letter_envelope, "bytea[]"),
    COLUMN(letter_blob, "bytea[]"),    COLUMN(event_f, "int4[]"),         COLUMN(event_kind, "text[]"),
    COLUMN(event_trace, "text[]"),     COLUMN(event_at, "int8[]"),        COLUMN(event_detail, "bytea[]"),
    COLUMN(event_blob, "bytea[]"),     COLUMN(line_f, "int4[]"),          COLUMN(line_item, "bytea[]"),
    COLUMN(line_category, "bytea[]"),  COLUMN(line_name, "bytea[]"),      COLUMN(line_state, "bytea[]"),
    COLUMN(line_open, "bool[]"),       COLUMN(line_updated, "int8[]"),    COLUMN(line_detail, "bytea[]"),
    COLUMN(line_blob, "bytea[]"),      COLUMN(unlist_f, "int4[]"),        COLUMN(unlist_item, "bytea[]"),
    COLUMN(reset_f, "int4[]"),         COLUMN(reset_item, "bytea[]"),     COLUMN(found_f, "int4[]"),
    COLUMN(found_item, "bytea[]"),     COLUMN(found_category, "bytea[]"), COLUMN(found_name, "bytea[]"),
    COLUMN(found_value, "bytea[]"),    COLUMN(blobs, "bytea[]"),
};
#undef COLUMN

constexpr struct {
  std::string_view name;
  std::string_view type;
} stamps[] = {
    {"node", "bytea"}, {"epoch", "int8"}, {"number", "int8"}, {"fenced", "bool"}, {"deduped", "bool"}};

// The gate opens once per number. The fence locks the agents in the order of their births, FOR SHARE: an
// epoch cannot move before this commits, and one that has moved drops out here, whatever the snapshot says.
// Everything else asks `ok`, so that nothing of a stale activation is written. Two parts of one statement
// never touch the same row: who is put and erased in one group was merged before.
constexpr std::string_view fence = R"sql(
WITH gate AS MATERIALIZED (
  UPDATE writer SET commits = :number WHERE node = :node AND epoch = :epoch AND commits = :number - 1 RETURNING 1),
held AS MATERIALIZED (
  SELECT w.f FROM gate CROSS JOIN unnest(:births, :epochs) WITH ORDINALITY AS w(birth, epoch, f)
    JOIN agent ON agent.birth = w.birth WHERE agent.epoch = w.epoch OR NOT :fenced
  ORDER BY agent.birth FOR SHARE OF agent),
ok AS MATERIALIZED (
  SELECT coalesce((SELECT bit_or(set_bit(repeat('0', cardinality(:births))::varbit, f::int - 1, 1)) FROM held),
    repeat('0', cardinality(:births))::varbit) AS bits FROM gate),
)sql";

constexpr std::string_view rows_part = R"sql(
agents AS (
  UPDATE agent SET epoch = agent.epoch + a.bump, status = coalesce(a.status, agent.status),
    reason = CASE WHEN a.status IS NULL THEN agent.reason ELSE a.reason END
  FROM ok CROSS JOIN unnest(:agent_f, :agent_bump, :agent_status, :agent_reason) AS a(f, bump, status, reason)
  WHERE get_bit(ok.bits, a.f) = 1 AND agent.birth = (:births)[a.f + 1]),
never_due AS (
  DELETE FROM due USING ok CROSS JOIN unnest(:due_f, :due_at) AS d(f, at)
  WHERE get_bit(ok.bits, d.f) = 1 AND d.at IS NULL AND due.birth = (:births)[d.f + 1]),
now_due AS (
  INSERT INTO due(birth, at) SELECT (:births)[d.f + 1], d.at FROM ok CROSS JOIN unnest(:due_f, :due_at) AS d(f, at)
  WHERE get_bit(ok.bits, d.f) = 1 AND d.at IS NOT NULL
  ON CONFLICT (birth) DO UPDATE SET at = excluded.at),
put AS MATERIALIZED (
  SELECT (:births)[p.f + 1] AS birth, p.* FROM ok
    CROSS JOIN unnest(:put_f, :put_class, :put_key, :put_schema, :put_body, :put_blob, :put_expires)
      AS p(f, class, key, schema, body, blob, expires) WHERE get_bit(ok.bits, p.f) = 1),
erased AS (
  DELETE FROM row USING ok CROSS JOIN unnest(:erase_f, :erase_class, :erase_key) AS e(f, class, key)
  WHERE get_bit(ok.bits, e.f) = 1 AND row.birth = (:births)[e.f + 1] AND row.class = e.class AND row.key = e.key),
cut AS (
  DELETE FROM row
  USING ok CROSS JOIN unnest(:prefix_f, :prefix_class, :prefix_from, :prefix_to) AS e(f, class, first, past)
  WHERE get_bit(ok.bits, e.f) = 1 AND row.birth = (:births)[e.f + 1] AND row.class = e.class
    AND row.key >= e.first AND row.key < e.past
    AND NOT EXISTS (SELECT 1 FROM put
      WHERE put.birth = row.birth AND put.class = row.class AND put.key = row.key)),
kept AS (
  INSERT INTO row(birth, class, key, schema, body, blob, expires)
    SELECT birth, class, key, schema, body, blob, expires FROM put
  ON CONFLICT (birth, class, key) DO UPDATE
    SET schema = excluded.schema, body = excluded.body, blob = excluded.blob, expires = excluded.expires),
)sql";

constexpr std::string_view streams_part = R"sql(
step AS MATERIALIZED (
  SELECT (:births)[m.f + 1] AS birth, m.* FROM ok
    CROSS JOIN unnest(:mark_f, :mark_dst, :mark_lane, :mark_src, :mark_from, :mark_to, :mark_fresh)
      AS m(f, dst, lane, src, "from", "to", fresh) WHERE get_bit(ok.bits, m.f) = 1),
consumed AS (
  DELETE FROM outbox USING step WHERE :deduped AND outbox.dst = step.dst AND outbox.lane = step.lane
    AND outbox.src = step.src AND outbox.n > step."from" AND outbox.n <= step."to" RETURNING 1),
moved AS (
  UPDATE mark SET n = step."to" FROM step WHERE NOT step.fresh AND mark.dst = step.birth AND mark.lane = step.lane
    AND mark.src = step.src AND (mark.n = step."from" OR NOT :deduped) RETURNING 1),
begun AS (
  INSERT INTO mark(dst, lane, src, n) SELECT birth, lane, src, "to" FROM step WHERE fresh
  ON CONFLICT (dst, lane, src) DO UPDATE SET n = excluded.n WHERE NOT :deduped RETURNING 1),
posted AS (
  INSERT INTO outbox(dst, lane, src, n, receiver, envelope, blob)
    SELECT o.dst, o.lane, (:births)[o.f + 1], o.n, o.receiver, o.envelope, o.blob FROM ok
      CROSS JOIN unnest(:out_f, :out_dst, :out_lane, :out_n, :out_receiver, :out_envelope, :out_blob)
        AS o(f, dst, lane, n, receiver, envelope, blob) WHERE get_bit(ok.bits, o.f) = 1)sql";

/// Without a fence two activations number the same stream: the later row is lost, where else the writer
/// stops.
constexpr std::string_view posted_unfenced = " ON CONFLICT DO NOTHING";

constexpr std::string_view posted_end = "),\n";

constexpr std::string_view effects_part = R"sql(
cleared AS (
  DELETE FROM effect USING ok CROSS JOIN unnest(:clear_f, :clear_id) AS c(f, id)
  WHERE get_bit(ok.bits, c.f) = 1 AND effect.id = c.id),
asked AS MATERIALIZED (
  SELECT (:births)[a.f + 1] AS birth, a.* FROM ok
    CROSS JOIN unnest(:effect_f, :effect_id, :effect_verb, :effect_target, :effect_key, :effect_deadline,
      :effect_once, :effect_body, :effect_blob, :effect_anew)
      AS a(f, id, verb, target, key, deadline, once, body, blob, anew) WHERE get_bit(ok.bits, a.f) = 1),
renewed AS (
  UPDATE effect SET executor = :epoch, attempt = 1, done = false, verb = asked.verb, target = asked.target,
    key = asked.key, deadline = asked.deadline, once = asked.once, body = asked.body, blob = asked.blob,
    result = NULL, result_blob = NULL
  FROM asked WHERE asked.anew AND effect.id = asked.id),
asked_for AS (
  INSERT INTO effect(id, birth, executor, attempt, verb, target, key, deadline, once, body, blob)
    SELECT id, birth, :epoch, 1, verb, target, key, deadline, once, body, blob FROM asked
  ON CONFLICT (id) DO NOTHING),
)sql";

constexpr std::string_view records_part = R"sql(
letters AS (
  INSERT INTO dead_letter(id, reason, note, to_agent, from_agent, at, envelope, blob)
    SELECT l.id, l.reason, l.note, l.receiver, l.sender, l.at, l.envelope, l.blob FROM ok
      CROSS JOIN unnest(:letter_f, :letter_id, :letter_reason, :letter_note, :letter_to, :letter_from, :letter_at,
        :letter_envelope, :letter_blob) AS l(f, id, reason, note, receiver, sender, at, envelope, blob)
    WHERE get_bit(ok.bits, l.f) = 1 ORDER BY l.id
  ON CONFLICT (id) DO NOTHING),
told AS (
  INSERT INTO event(number, birth, at, kind, trace, detail, blob)
    SELECT nextval('event_numbers'), v.birth, v.at, v.kind, v.trace, v.detail, v.blob FROM (
      SELECT (:births)[v.f + 1] AS birth, v.* FROM ok
        CROSS JOIN unnest(:event_f, :event_kind, :event_trace, :event_at, :event_detail, :event_blob)
          WITH ORDINALITY AS v(f, kind, trace, at, detail, blob, n) WHERE get_bit(ok.bits, v.f) = 1 ORDER BY n) v),
)sql";

constexpr std::string_view listings_part = R"sql(
listed AS (
  INSERT INTO listing(birth, item, category, name, state, open, updated, detail, blob)
    SELECT (:births)[l.f + 1], l.item, l.category, l.name, l.state, l.open, l.updated, l.detail, l.blob FROM ok
      CROSS JOIN unnest(:line_f, :line_item, :line_category, :line_name, :line_state, :line_open, :line_updated,
        :line_detail, :line_blob) AS l(f, item, category, name, state, open, updated, detail, blob)
    WHERE get_bit(ok.bits, l.f) = 1
  ON CONFLICT (birth, item) DO UPDATE SET category = excluded.category, name = excluded.name,
    state = excluded.state, open = excluded.open, updated = excluded.updated, detail = excluded.detail,
    blob = excluded.blob),
unlisted AS (
  DELETE FROM listing USING ok CROSS JOIN unnest(:unlist_f, :unlist_item) AS u(f, item)
  WHERE get_bit(ok.bits, u.f) = 1 AND listing.birth = (:births)[u.f + 1] AND listing.item = u.item),
wanted AS MATERIALIZED (
  SELECT (:births)[t.f + 1] AS birth, t.* FROM ok
    CROSS JOIN unnest(:found_f, :found_item, :found_category, :found_name, :found_value)
      AS t(f, item, category, name, value) WHERE get_bit(ok.bits, t.f) = 1),
unfound AS (
  DELETE FROM attribute USING ok CROSS JOIN unnest(:reset_f, :reset_item) AS r(f, item)
  WHERE get_bit(ok.bits, r.f) = 1 AND attribute.birth = (:births)[r.f + 1] AND attribute.item = r.item
    AND NOT EXISTS (SELECT 1 FROM wanted w WHERE w.birth = attribute.birth AND w.item = attribute.item
      AND w.category = attribute.category AND w.name = attribute.name AND w.value = attribute.value)),
found AS (
  INSERT INTO attribute(birth, item, category, name, value)
    SELECT DISTINCT birth, item, category, name, value FROM wanted ON CONFLICT DO NOTHING),
)sql";

constexpr std::string_view outcome = R"sql(
named AS MATERIALIZED (
  SELECT 1 FROM blob WHERE hash = ANY(:blobs) AND state = 0 ORDER BY hash FOR SHARE),
counted AS (
  INSERT INTO tally AS t (node, n, passed, sent, applied, skipped, dead_lettered)
    SELECT :node, :number, ok.bits, s.sent, s.applied, s.skipped, s.dead FROM ok
      CROSS JOIN LATERAL (SELECT
        coalesce(sum(c.sent), 0) AS sent, coalesce(sum(c.applied), 0) AS applied,
        coalesce(sum(c.skipped), 0) AS skipped, coalesce(sum(c.dead), 0) AS dead
        FROM unnest(:sent, :applied, :skipped, :dead_lettered) WITH ORDINALITY AS c(sent, applied, skipped, dead, f)
        WHERE get_bit(ok.bits, c.f::int - 1) = 1) s
  ON CONFLICT (node) DO UPDATE SET n = excluded.n, passed = excluded.passed, sent = t.sent + excluded.sent,
    applied = t.applied + excluded.applied, skipped = t.skipped + excluded.skipped,
    dead_lettered = t.dead_lettered + excluded.dead_lettered)
SELECT CASE
  WHEN (SELECT count(*) FROM named) < cardinality(:blobs) THEN troupe_refuse('TR002', 'a blob is not there')
  WHEN :deduped AND ((SELECT count(*) FROM consumed) <> (SELECT coalesce(sum("to" - "from"), 0) FROM step)
      OR (SELECT count(*) FROM moved) + (SELECT count(*) FROM begun) <> (SELECT count(*) FROM step))
    THEN troupe_refuse('TR001', 'a stream is not where a turn says it is')
  ELSE ok.bits END FROM ok)sql";

/// ":name" becomes "$3::int8[]".
std::string numbered(const std::string& sql) {
  std::string out;
  for (std::size_t i = 0; i < sql.size(); ++i) {
    const bool begins = sql[i] == ':' && sql[i + 1] != ':' && (i == 0 || sql[i - 1] != ':');
    if (!begins) {
      out += sql[i];
      continue;
    }
    std::size_t end = i + 1;
    while (end < sql.size() && (std::isalnum(static_cast<unsigned char>(sql[end])) || sql[end] == '_'))
      ++end;
    const std::string_view name = std::string_view(sql).substr(i + 1, end - i - 1);
    const auto stamp =
        std::find_if(std::begin(stamps), std::end(stamps), [&](auto& s) { return s.name == name; });
    const auto at =
        std::find_if(std::begin(columns), std::end(columns), [&](auto& c) { return c.name == name; });
    ensure(stamp != std::end(stamps) || at != std::end(columns), "the statement names what is handed over");
    const bool whole = stamp == std::end(stamps);
    const auto place = whole ? std::size(stamps) + static_cast<std::size_t>(at - std::begin(columns))
                             : static_cast<std::size_t>(stamp - std::begin(stamps));
    out += "$" + std::to_string(place + 1) + "::" + std::string(whole ? at->type : stamp->type);
    i = end - 1;
  }
  return out;
}

std::string commit_sql(std::string_view posting) {
  std::string whole;
  for (const auto part : {fence, rows_part, streams_part, posting, posted_end, effects_part, records_part,
                          listings_part, outcome})
    whole += part;
  return numbered(whole);
}

} // namespace

const statement& commit_statement(bool fenced) {
  static const std::string sql = commit_sql("");
  static const std::string sql_unfenced = commit_sql(posted_unfenced);
  static const statement prepared = {"commit_group", sql};
  static const statement prepared_unfenced = {"commit_group_unfenced", sql_unfenced};
  return fenced ? prepared : prepared_unfenced;
}

parameters commit_parameters(const group_stamp& stamp, group_arrays arrays) {
  parameters all;
  all.bytes(stamp.node).number(stamp.epoch).number(stamp.number).flag(stamp.fenced).flag(stamp.deduped);
  for (const column& c : columns)
    all.array(std::move(arrays.*c.values));
  return all;
}

} // namespace troupe::storage::postgres
