#include "storage/sqlite/listing_search.hpp"

#include <algorithm>

namespace troupe::storage {
listing_search::listing_search(connection& db)
    : payloads_(db)
    , by_state_(db,
                "SELECT tenant, kind, key, birth, item, category, name, state, open, updated, detail, blob"
                " FROM listing JOIN agent USING(birth) WHERE category = ?1 AND open = ?2"
                " AND (birth < ?3 OR (birth = ?3 AND item > ?4)) ORDER BY birth DESC, item")
    , by_attribute_(db,
                    "SELECT tenant, kind, key, listing.birth, listing.item, listing.category, listing.name,"
                    " state, open, updated, detail, blob FROM attribute"
                    " JOIN listing ON listing.birth = attribute.birth AND listing.item = attribute.item"
                    " JOIN agent ON agent.birth = listing.birth"
                    " WHERE attribute.category = ?1 AND attribute.name = ?2 AND attribute.value = ?3"
                    " AND (attribute.birth < ?4 OR (attribute.birth = ?4 AND attribute.item > ?5))"
                    " ORDER BY attribute.birth DESC, attribute.item")
    , attributes_(db,
                  "SELECT name, value FROM attribute WHERE birth = ?1 AND item = ?2 ORDER BY name, value") {}

result<journal::page<journal::stored_listing>> listing_search::run(const journal::listing_query& query) {
  const auto after = listing_place::parse(query.cursor);
  if (!after)
    return tl::unexpected(after.error());
  std::vector<journal::stored_listing> all;
  if (!query.attributes.empty()) {
    const auto& [name, value] = query.attributes.front();
    scan(by_attribute_.query(text{query.category}, text{name}, text{value}, after->birth, text{after->item}),
         query, all);
    return finish(std::move(all), query.limit);
  }
  for (const bool open : {true, false})
    if (query.open.value_or(open) == open)
      scan(by_state_.query(text{query.category}, std::uint64_t{open}, after->birth, text{after->item}), query,
           all);
  std::sort(all.begin(), all.end(), newer);
  return finish(std::move(all), query.limit);
}

/// One more than the page holds, so that it is known whether more follow.
void listing_search::scan(rows row, const journal::listing_query& query,
                          std::vector<journal::stored_listing>& into) {
  const std::size_t enough = into.size() + bounded_page(query.limit) + 1;
  while (into.size() < enough && row.next())
    if (auto line = read(row); line && fits(*line, query))
      into.push_back(std::move(*line));
}

listing_search::found listing_search::finish(std::vector<journal::stored_listing> all, std::size_t limit) {
  found answer;
  if (all.size() > bounded_page(limit)) {
    all.resize(bounded_page(limit));
    answer.next_cursor = listing_place::cursor(all.back());
  }
  for (auto& line : all) {
    auto row = attributes_.query(line.birth, text{line.what.item});
    while (row.next())
      line.what.attributes.emplace_back(row.string(0), row.string(1));
  }
  answer.items = std::move(all);
  return answer;
}

std::optional<journal::stored_listing> listing_search::read(const rows& row) {
  auto id = agent_id::make(row.string(0), row.string(1), row.string(2));
  if (!id)
    return std::nullopt;
  journal::stored_listing line;
  line.id = std::move(*id);
  line.birth = row.natural(3);
  line.what.item = row.string(4);
  line.what.category = row.string(5);
  line.what.name = row.string(6);
  line.what.state = row.string(7);
  line.what.open = row.number(8) != 0;
  line.what.updated = row.time(9);
  line.what.detail = payloads_.get(row, 10);
  return line;
}

bool listing_search::fits(const journal::stored_listing& found, const journal::listing_query& query) {
  if (!storage::fits(found, query))
    return false;
  if (query.attributes.size() < 2)
    return true;
  std::vector<std::pair<std::string, std::string>> has;
  auto row = attributes_.query(found.birth, text{found.what.item});
  while (row.next())
    has.emplace_back(row.string(0), row.string(1));
  return std::all_of(query.attributes.begin(), query.attributes.end(), [&](const auto& wanted) {
    return std::find(has.begin(), has.end(), wanted) != has.end();
  });
}

} // namespace troupe::storage
