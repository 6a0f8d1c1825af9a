#include "storage/postgres/refresh_book.hpp"

#include "storage/postgres/plan_encoder.hpp"

namespace troupe::storage::postgres {
namespace {

constexpr std::size_t lines_at_a_time = 1'000;

constexpr statement still_there = {
    "still_there",
    "SELECT s.n, o.first FROM unnest($1::bytea[], $2::int8[]) WITH ORDINALITY AS s(dst, src, n)"
    " CROSS JOIN LATERAL (SELECT min(n) AS first FROM outbox WHERE outbox.dst = s.dst"
    " AND outbox.lane = 0 AND outbox.src = s.src) AS o"};

constexpr statement of_former = {"outbox_of_former",
                                 "SELECT src, dst, min(n), max(n) FROM outbox WHERE lane = 0 AND src IN"
                                 " (SELECT birth FROM agent WHERE owner = $1::int8) GROUP BY src, dst"};

} // namespace

void fill(session& on, std::uint64_t former_epoch, outbox_book& book) {
  const table rows = on.run(of_former, parameters().number(former_epoch));
  for (std::size_t i = 0; i < rows.size(); ++i)
    book.found({rows.natural(i, 0), address_of(rows.bytes(i, 1)), lane::mail}, rows.natural(i, 2),
               rows.natural(i, 3));
}

void refresh(session& on, outbox_book& book) {
  const auto lines = book.stale(lines_at_a_time);
  if (lines.empty())
    return;
  wire_array dst(element::bytea), src(element::int8);
  for (const auto& l : lines) {
    dst.bytes(bytes_of(l.of.dst));
    src.number(l.of.src);
  }
  const table rows = on.run(still_there, parameters().array(std::move(dst)).array(std::move(src)));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto& l = lines.at(rows.natural(i, 0) - 1);
    book.settled(l.of, rows.null(i, 1) ? l.last : rows.natural(i, 1) - 1);
  }
}

} // namespace troupe::storage::postgres
