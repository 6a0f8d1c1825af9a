#include "tests/support/memory_tables.hpp"

#include <algorithm>

namespace troupe::testing {

using namespace journal;

namespace {

template<class T>
page<T> cut(std::vector<T> items, std::size_t limit, std::string (*cursor_of)(const T&)) {
  page<T> p;
  const bool more = items.size() > limit;
  if (more)
    items.resize(limit);
  p.items = std::move(items);
  if (more)
    p.next_cursor = cursor_of(p.items.back());
  return p;
}

} // namespace

pending_window memory_tables::pending(const address& to, lane on, std::uint64_t after_sender,
                                      std::size_t limit) const {
  std::vector<std::pair<std::uint64_t, const queue*>> streams;
  for (const auto& [key, q] : outbox_)
    if (std::get<0>(key) == to && std::get<1>(key) == on)
      streams.emplace_back(std::get<2>(key), &q);
  std::stable_partition(streams.begin(), streams.end(),
                        [&](const auto& s) { return s.first > after_sender; });
  pending_window window;
  window.complete = streams.size() <= limit;
  streams.resize(std::min(streams.size(), limit));
  std::size_t spare = limit;
  for (const auto& [sender, q] : streams)
    spare -= std::min(q->rows.size(), limit / streams.size());
  for (const auto& [sender, q] : streams) {
    const std::size_t share = std::min(q->rows.size(), limit / streams.size());
    const std::size_t extra = std::min(q->rows.size() - share, spare);
    spare -= extra;
    window.complete = window.complete && share + extra == q->rows.size();
    auto row = q->rows.begin();
    for (std::size_t i = 0; i < share + extra; ++i, ++row)
      window.rows.push_back({sender, on, row->first, row->second});
  }
  return window;
}

std::optional<agent_row> memory_tables::find_row(std::uint64_t birth, row_class cls,
                                                 const std::string& key) const {
  const auto of = agents_.find(birth);
  if (of == agents_.end())
    return std::nullopt;
  const auto row = of->second.rows.find({cls, key});
  return row == of->second.rows.end() ? std::nullopt : std::optional(row->second);
}

bool memory_tables::has_mail(const address& to) const {
  const auto at = outbox_.lower_bound({to, lane::mail, 0});
  return at != outbox_.end() && std::get<0>(at->first) == to;
}

bool memory_tables::needs_effects_looked_after(std::uint64_t birth) const {
  return std::any_of(effects_.begin(), effects_.end(), [&](const auto& e) {
    const auto executor = e.second.row.executor;
    return e.second.birth == birth && (e.second.row.result || (executor != node_epoch && !lives(executor)));
  });
}

/// The cursor is a position: nothing changes order between two pages but what was done meanwhile.
result<page<duty>> memory_tables::duties(instant now, const std::string& cursor, std::size_t limit) const {
  std::vector<agent_id> all;
  for (const auto& [key, q] : outbox_) {
    const agent* to = find(q.to);
    if ((all.empty() || all.back() != q.to) && !(to && in_other_hands(*to)))
      all.push_back(q.to);
  }
  for (const auto& [birth, a] : agents_)
    if (!in_other_hands(a) && !has_mail(a.id.addr()) &&
        (a.next_due <= now || needs_effects_looked_after(birth)))
      all.push_back(a.id);
  std::size_t first = 0;
  for (const char c : cursor) {
    if (c < '0' || c > '9')
      return fail(fault::invalid, "the cursor \"" + cursor + "\" is none of this list's");
    first = first * 10 + static_cast<std::size_t>(c - '0');
  }
  page<duty> p;
  for (std::size_t i = first; i < std::min(all.size(), first + limit); ++i)
    p.items.push_back({all[i]});
  if (first + limit < all.size())
    p.next_cursor = std::to_string(first + limit);
  return p;
}

page<agent_summary> memory_tables::agents(const std::string& prefix, const std::string& cursor,
                                          std::size_t limit) const {
  const auto after = agent_id::parse(cursor);
  std::vector<agent_summary> found;
  for (const auto& [name, birth] : names_) {
    const agent& a = agents_.at(birth);
    if (a.id.text().starts_with(prefix) && (!after || name > name_of(*after)))
      found.push_back({a.id, birth, a.epoch, a.status, a.reason, a.next_due, a.owner});
  }
  return cut<agent_summary>(std::move(found), limit, [](const agent_summary& s) { return s.id.text(); });
}

result<page<stored_event>> memory_tables::history(const agent_id& id, const std::string& cursor,
                                                  std::size_t limit) const {
  const agent* of = find(id);
  if (!of)
    return fail(fault::not_found, "there is no agent " + id.text());
  std::vector<stored_event> newest_first;
  for (auto e = of->events.rbegin(); e != of->events.rend(); ++e)
    if (cursor.empty() || e->number < std::stoull(cursor))
      newest_first.push_back(*e);
  return cut<stored_event>(std::move(newest_first), limit,
                           [](const stored_event& e) { return std::to_string(e.number); });
}

page<stored_dead_letter> memory_tables::dead_letters(const std::string& cursor, std::size_t limit) const {
  std::vector<stored_dead_letter> found;
  for (auto at = letters_.upper_bound(cursor); at != letters_.end(); ++at)
    found.push_back(at->second);
  return cut<stored_dead_letter>(std::move(found), limit,
                                 [](const stored_dead_letter& l) { return l.letter.id; });
}

result<stored_dead_letter> memory_tables::find_dead_letter(const std::string& id) const {
  const auto at = letters_.find(id);
  if (at == letters_.end())
    return fail(fault::not_found, "there is no dead letter " + id);
  return at->second;
}

page<stored_listing> memory_tables::listings(const listing_query& query) const {
  std::vector<stored_listing> all;
  for (auto of = agents_.rbegin(); of != agents_.rend(); ++of)
    for (const auto& [item, line] : of->second.listings) {
      const auto has = [&](const auto& wanted) {
        return std::find(line.attributes.begin(), line.attributes.end(), wanted) != line.attributes.end();
      };
      if (of->second.id.tenant() == query.tenant && line.category == query.category &&
          (query.name.empty() || line.name == query.name) &&
          (query.state.empty() || line.state == query.state) && query.open.value_or(line.open) == line.open &&
          std::all_of(query.attributes.begin(), query.attributes.end(), has))
        all.push_back({of->second.id, of->first, line});
    }
  if (!query.cursor.empty()) {
    const auto last = std::find_if(all.begin(), all.end(), [&](const stored_listing& line) {
      return std::to_string(line.birth) + ':' + line.what.item == query.cursor;
    });
    all.erase(all.begin(), last == all.end() ? last : last + 1);
  }
  for (auto& line : all) {
    std::sort(line.what.attributes.begin(), line.what.attributes.end());
    line.what.attributes_changed = false;
  }
  return cut<stored_listing>(std::move(all), query.limit, [](const stored_listing& line) {
    return std::to_string(line.birth) + ':' + line.what.item;
  });
}

ledger memory_tables::totals() const {
  ledger now = ledger_;
  for (const auto& [key, q] : outbox_)
    now.pending += q.rows.size();
  return now;
}

std::uint32_t memory_tables::pending_count(std::uint64_t sender, const address* to) const {
  std::size_t count = 0;
  for (const auto& [key, q] : outbox_)
    if (std::get<1>(key) == lane::mail && std::get<2>(key) == sender && (!to || std::get<0>(key) == *to))
      count += q.rows.size();
  return static_cast<std::uint32_t>(count);
}

} // namespace troupe::testing
