#include "storage/cursors.hpp"
#include "storage/postgres/pg_error.hpp"
#include "storage/postgres/queries.hpp"

namespace troupe::storage::postgres {
namespace {

// An owner without a row among the members does not live.
#define OURS                                                                                                 \
  " (agent.owner = $1::int8 OR NOT EXISTS (SELECT 1 FROM member WHERE epoch = agent.owner AND state < 3))"
#define HAS_MAIL " EXISTS (SELECT 1 FROM outbox WHERE dst = agent.addr)"

constexpr statement receivers = {"duty_receivers", R"sql(
WITH RECURSIVE next(dst) AS (
  (SELECT dst FROM outbox WHERE dst > $2::bytea ORDER BY dst LIMIT 1)
  UNION ALL
  SELECT (SELECT o.dst FROM outbox o WHERE o.dst > next.dst ORDER BY o.dst LIMIT 1) FROM next
  WHERE next.dst IS NOT NULL),
page AS MATERIALIZED (SELECT dst FROM next WHERE dst IS NOT NULL LIMIT $3::int8)
SELECT page.dst, (SELECT receiver FROM outbox WHERE outbox.dst = page.dst LIMIT 1), agent.birth IS NULL OR)sql" OURS
                                                   " FROM page LEFT JOIN agent ON agent.addr = page.dst"
                                                   " ORDER BY page.dst"};

constexpr statement those_due = {"duty_due",
                                 "SELECT agent.tenant, agent.kind, agent.key, due.at, due.birth," OURS
                                 " AND NOT" HAS_MAIL " FROM due JOIN agent USING(birth) WHERE due.at <= "
                                 "$2::int8 AND (due.at, due.birth) > ($3::int8, $4::int8)"
                                 " ORDER BY due.at, due.birth LIMIT $5::int8"};

constexpr statement with_effects = {
    "duty_effects",
    "SELECT agent.tenant, agent.kind, agent.key, agent.birth," OURS " AND NOT" HAS_MAIL
    " AND NOT EXISTS (SELECT 1 FROM due WHERE due.birth = agent.birth AND due.at <= $2::int8)"
    " FROM (SELECT DISTINCT effect.birth FROM effect WHERE effect.birth > $3::int8 AND (done OR executor <> "
    "$1::int8"
    " AND NOT EXISTS (SELECT 1 FROM member WHERE epoch = executor AND state < 3))"
    " ORDER BY effect.birth LIMIT $4::int8) AS e JOIN agent ON agent.birth = e.birth ORDER BY agent.birth"};

agent_id named(const table& rows, std::size_t i) {
  auto id = agent_id::make(rows.string(i, 0), rows.string(i, 1), rows.string(i, 2));
  if (!id)
    throw pg_error(remedy::none, "XX001", "an agent's name cannot be read: " + id.error().message);
  return *id;
}

/// Fills a page of at most `limit`; a pass that has nothing left hands over to the next.
class duty_reader {
public:
  duty_reader(session& on, duty_place& at, instant now, std::uint64_t me, std::size_t limit)
      : on_(on)
      , at_(at)
      , now_(now)
      , me_(me)
      , limit_(limit) {}

  std::vector<journal::duty> read() {
    if (at_.in == duty_place::pass::mail)
      mail();
    if (at_.in == duty_place::pass::due)
      due();
    if (at_.in == duty_place::pass::effects)
      effects();
    return std::move(found_);
  }

private:
  std::size_t room() const { return limit_ - found_.size(); }

  /// False: the pass has more to show than there is room for.
  bool over(std::size_t rows, std::size_t asked, duty_place::pass next) {
    if (rows == asked)
      return false;
    at_.in = next;
    at_.birth = 0;
    return true;
  }

  void mail() {
    const std::size_t asked = room();
    const table rows = on_.run(receivers, parameters().number(me_).bytes(at_.dst).number(asked));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      at_.dst = rows.bytes(i, 0);
      const auto id = agent_id::parse(rows.text(i, 1));
      if (!id)
        throw pg_error(remedy::none, "XX001", "a receiver's name cannot be read: " + id.error().message);
      if (rows.flag(i, 2))
        found_.push_back({*id});
    }
    over(rows.size(), asked, duty_place::pass::due);
  }

  void due() {
    const std::size_t asked = room();
    if (asked == 0)
      return;
    const table rows =
        on_.run(those_due,
                parameters().number(me_).number(to_ms(now_)).number(at_.due).number(at_.birth).number(asked));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      at_.due = rows.number(i, 3);
      at_.birth = rows.natural(i, 4);
      if (rows.flag(i, 5))
        found_.push_back({named(rows, i)});
    }
    over(rows.size(), asked, duty_place::pass::effects);
  }

  void effects() {
    const std::size_t asked = room();
    if (asked == 0)
      return;
    const table rows =
        on_.run(with_effects, parameters().number(me_).number(to_ms(now_)).number(at_.birth).number(asked));
    for (std::size_t i = 0; i < rows.size(); ++i) {
      at_.birth = rows.natural(i, 3);
      if (rows.flag(i, 4))
        found_.push_back({named(rows, i)});
    }
    over(rows.size(), asked, duty_place::pass::over);
  }

  session& on_;
  duty_place& at_;
  instant now_;
  std::uint64_t me_;
  std::size_t limit_;
  std::vector<journal::duty> found_;
};

} // namespace

result<journal::page<journal::duty>> duties(session& on, instant now, std::uint64_t me,
                                            const std::string& cursor, std::size_t limit) {
  auto at = duty_place::parse(cursor);
  if (!at)
    return tl::unexpected(at.error());
  journal::page<journal::duty> found;
  found.items = duty_reader(on, *at, now, me, bounded_page(limit)).read();
  found.next_cursor = at->cursor();
  return found;
}

} // namespace troupe::storage::postgres
