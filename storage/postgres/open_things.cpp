#include "storage/postgres/open_things.hpp"

#include "storage/open_reason.hpp"

namespace troupe::storage::postgres {
namespace {

constexpr statement open_rows = {
    "open_rows", "SELECT DISTINCT class FROM row WHERE birth = $1::int8 AND class IN (2, 5, 6, 7)"
                 " AND (class <> 6 OR expires IS NULL OR expires > $2::int8)"};
constexpr statement open_rest = {"open_rest", "SELECT (SELECT count(*) FROM outbox WHERE src = $1::int8),"
                                              " EXISTS (SELECT 1 FROM effect WHERE birth = $1::int8)"};

} // namespace

std::string open_things(session& on, std::uint64_t birth, instant now) {
  open_reasons found;
  const table rows = on.run(open_rows, parameters().number(birth).number(to_ms(now)));
  for (std::size_t i = 0; i < rows.size(); ++i)
    found.row(static_cast<journal::row_class>(rows.number(i, 0)));
  const table rest = on.run(open_rest, parameters().number(birth));
  found.unsent(rest.natural(0, 0));
  if (rest.flag(0, 1))
    found.effect();
  return found.text();
}

} // namespace troupe::storage::postgres
