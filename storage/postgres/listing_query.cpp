#include "storage/cursors.hpp"
#include "storage/postgres/agent_loader.hpp"
#include "storage/postgres/queries.hpp"

#include <algorithm>
#include <map>

namespace troupe::storage::postgres {
namespace {

const std::string& line_columns() {
  static const std::string columns =
      "agent.tenant, agent.kind, agent.key, listing.birth, listing.item, listing.category, listing.name,"
      " listing.state, open, updated, " +
      body_of("listing", "detail");
  return columns;
}

// $1 category, $2 and $3 where the page begins, $4 how many, $5 tenant, $6 name, $7 state ('' any), $8 and $9
// the attributes: all of them hold.
constexpr const char* conditions =
    " AND (listing.birth < $2::int8 OR listing.birth = $2::int8 AND listing.item > $3::bytea)"
    " AND agent.tenant = $5::text AND ($6::bytea = '' OR listing.name = $6::bytea)"
    " AND ($7::bytea = '' OR listing.state = $7::bytea)"
    " AND NOT EXISTS (SELECT 1 FROM unnest($8::bytea[], $9::bytea[]) AS w(name, value) WHERE NOT EXISTS ("
    "SELECT 1 FROM attribute AS a WHERE a.birth = listing.birth AND a.item = listing.item"
    " AND a.category = listing.category AND a.name = w.name AND a.value = w.value))";

const statement& by_state() {
  static const std::string sql =
      "SELECT " + line_columns() +
      " FROM listing JOIN agent USING(birth) WHERE category = $1::bytea AND open = $10::bool" + conditions +
      " ORDER BY listing.birth DESC, listing.item LIMIT $4::int8";
  static const statement s = {"listings_by_state", sql};
  return s;
}

const statement& by_attribute() {
  static const std::string sql =
      "SELECT " + line_columns() +
      " FROM attribute JOIN listing ON listing.birth = attribute.birth AND listing.item = attribute.item"
      " JOIN agent ON agent.birth = listing.birth WHERE attribute.category = $1::bytea"
      " AND attribute.name = $10::bytea AND attribute.hash = sha256($11::bytea)"
      " AND ($12::int8 = 2 OR listing.open = ($12::int8 = 1))" +
      conditions + " ORDER BY attribute.birth DESC, attribute.item LIMIT $4::int8";
  static const statement s = {"listings_by_attribute", sql};
  return s;
}

constexpr statement attributes_of = {
    "attributes_of", "SELECT w.n, a.name, a.value FROM unnest($1::int8[], $2::bytea[]) WITH ORDINALITY"
                     " AS w(birth, item, n) JOIN attribute AS a ON a.birth = w.birth AND a.item = w.item"
                     " ORDER BY w.n, a.name, a.value"};

parameters common(const journal::listing_query& query, const listing_place& after) {
  wire_array names(element::bytea), values(element::bytea);
  for (const auto& [name, value] : query.attributes) {
    names.bytes(name);
    values.bytes(value);
  }
  parameters p;
  p.bytes(query.category).number(after.birth).bytes(after.item).number(bounded_page(query.limit) + 1);
  p.bytes(query.tenant).bytes(query.name).bytes(query.state);
  p.array(std::move(names)).array(std::move(values));
  return p;
}

void read_lines(const table& rows, std::vector<journal::stored_listing>& into) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto id = agent_id::make(rows.string(i, 0), rows.string(i, 1), rows.string(i, 2));
    if (!id)
      continue;
    journal::stored_listing line;
    line.id = std::move(*id);
    line.birth = rows.natural(i, 3);
    line.what.item = rows.bytes(i, 4);
    line.what.category = rows.bytes(i, 5);
    line.what.name = rows.bytes(i, 6);
    line.what.state = rows.bytes(i, 7);
    line.what.open = rows.flag(i, 8);
    line.what.updated = rows.time(i, 9);
    line.what.detail = rows.bytes(i, 10);
    into.push_back(std::move(line));
  }
}

void add_attributes(session& on, std::vector<journal::stored_listing>& to) {
  if (to.empty())
    return;
  wire_array births(element::int8), items(element::bytea);
  for (const auto& line : to) {
    births.number(line.birth);
    items.bytes(line.what.item);
  }
  const table rows = on.run(attributes_of, parameters().array(std::move(births)).array(std::move(items)));
  for (std::size_t i = 0; i < rows.size(); ++i)
    to.at(rows.natural(i, 0) - 1).what.attributes.emplace_back(rows.bytes(i, 1), rows.bytes(i, 2));
}

} // namespace

result<journal::page<journal::stored_listing>> listings(session& on, const journal::listing_query& query) {
  const auto after = listing_place::parse(query.cursor);
  if (!after)
    return tl::unexpected(after.error());
  std::vector<journal::stored_listing> all;
  if (!query.attributes.empty()) {
    const auto& [name, value] = query.attributes.front();
    const std::int64_t open = query.open ? std::int64_t{*query.open} : 2;
    read_lines(on.run(by_attribute(), common(query, *after).bytes(name).bytes(value).number(open)), all);
  } else {
    for (const bool open : {true, false})
      if (query.open.value_or(open) == open)
        read_lines(on.run(by_state(), common(query, *after).flag(open)), all);
    std::sort(all.begin(), all.end(), newer);
  }
  journal::page<journal::stored_listing> found;
  if (const std::size_t limit = bounded_page(query.limit); all.size() > limit) {
    all.resize(limit);
    found.next_cursor = listing_place::cursor(all.back());
  }
  add_attributes(on, all);
  found.items = std::move(all);
  return found;
}

} // namespace troupe::storage::postgres
