#include "storage/cursors.hpp"
#include "storage/postgres/agent_loader.hpp"
#include "storage/postgres/plan_encoder.hpp"
#include "storage/postgres/queries.hpp"

#include <algorithm>
#include <unordered_map>

namespace troupe::storage::postgres {
namespace {

// From one sender to the next by the index, however many rows each has.
constexpr statement senders = {"pending_senders", R"sql(
WITH RECURSIVE sender(src) AS (
  (SELECT src FROM outbox WHERE dst = $1::bytea AND lane = $2::int8 AND src > $3::int8 ORDER BY src LIMIT 1)
  UNION ALL
  SELECT (SELECT o.src FROM outbox o WHERE o.dst = $1::bytea AND o.lane = $2::int8 AND o.src > sender.src
    ORDER BY o.src LIMIT 1) FROM sender WHERE sender.src IS NOT NULL)
SELECT src FROM sender WHERE src IS NOT NULL AND src <= $4::int8 LIMIT $5::int8)sql"};

const statement& rows_of_senders() {
  static const std::string sql =
      "SELECT s.n, o.n, o.body FROM unnest($3::int8[], $4::int8[]) WITH ORDINALITY AS s(src, past, n)"
      " CROSS JOIN LATERAL (SELECT outbox.n, " +
      body_of("outbox", "envelope") +
      " AS body FROM outbox WHERE outbox.dst = $1::bytea AND outbox.lane = $2::int8 AND outbox.src = s.src"
      " AND outbox.n > s.past ORDER BY outbox.n LIMIT $5::int8) AS o ORDER BY 1, 2";
  static const statement s = {"pending_rows", sql};
  return s;
}

struct source {
  std::uint64_t src = 0;
  std::uint64_t past = 0; // last number taken
  bool more = true;
};

class window_reader {
public:
  window_reader(session& on, const address& to, lane in, std::size_t limit)
      : on_(on)
      , to_(to)
      , in_(in)
      , limit_(limit) {}

  journal::pending_window read(std::uint64_t after_sender) {
    auto from = sources(after_sender);
    journal::pending_window window;
    if (from.size() > limit_) {
      window.complete = false;
      from.resize(limit_);
    }
    if (from.empty())
      return window;
    // Each stream gets an equal share; what some leave over goes to the first that have more.
    std::vector<std::vector<journal::pending_row>> taken(from.size());
    std::size_t room = limit_;
    take(from, 0, from.size(), limit_ / from.size(), taken, room);
    for (std::size_t i = 0; i < from.size() && room > 0; ++i)
      if (from[i].more)
        take(from, i, i + 1, room, taken, room);
    for (std::size_t i = 0; i < from.size(); ++i) {
      window.complete = window.complete && !from[i].more;
      std::move(taken[i].begin(), taken[i].end(), std::back_inserter(window.rows));
    }
    return window;
  }

private:
  /// Senders with pending rows: those after `after_sender` first, then from the beginning.
  std::vector<source> sources(std::uint64_t after_sender) {
    std::vector<source> found;
    look(after_sender, INT64_MAX, found);
    if (after_sender > 0 && found.size() <= limit_)
      look(0, after_sender, found);
    return found;
  }

  void look(std::uint64_t after, std::uint64_t upto, std::vector<source>& into) {
    const table rows = on_.run(senders, parameters()
                                            .bytes(bytes_of(to_))
                                            .number(static_cast<std::int64_t>(in_))
                                            .number(after)
                                            .number(upto)
                                            .number(limit_ + 1 - into.size()));
    for (std::size_t i = 0; i < rows.size(); ++i)
      into.push_back({rows.natural(i, 0), 0, true});
  }

  void take(std::vector<source>& from, std::size_t first, std::size_t end, std::size_t share,
            std::vector<std::vector<journal::pending_row>>& into, std::size_t& room) {
    wire_array src(element::int8), past(element::int8);
    for (std::size_t i = first; i < end; ++i) {
      src.number(from[i].src);
      past.number(from[i].past);
      from[i].more = false;
    }
    parameters p;
    p.bytes(bytes_of(to_)).number(static_cast<std::int64_t>(in_)).array(std::move(src));
    p.array(std::move(past)).number(share + 1);
    const table rows = on_.run(rows_of_senders(), p);
    std::vector<std::size_t> counts(from.size());
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const std::size_t i = first + rows.natural(row, 0) - 1;
      if (counts[i] == share) {
        from[i].more = true;
        continue;
      }
      ++counts[i];
      --room;
      from[i].past = rows.natural(row, 1);
      into[i].push_back({from[i].src, in_, from[i].past, rows.bytes(row, 2)});
    }
  }

  session& on_;
  const address& to_;
  lane in_;
  std::size_t limit_;
};

} // namespace

journal::pending_window pending(session& on, const address& to, lane in, std::uint64_t after_sender,
                                std::size_t limit) {
  return window_reader(on, to, in, bounded_page(limit)).read(after_sender);
}

} // namespace troupe::storage::postgres
