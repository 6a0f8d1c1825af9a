#include "kernels/grammar/automaton.hpp"

#include <algorithm>
#include <map>
#include <unordered_set>

namespace troupe::kernels::grammar {

namespace {

// What a term needs to decide "can this end" or "can this never end" is found within few states, or it is a
// pattern gone wrong.
constexpr std::size_t searched_max = 20'000;
constexpr std::size_t endless_searched_max = 64;
constexpr std::size_t count_depth_max = 512;
constexpr char32_t surrogates_begin = 0xd800;
constexpr char32_t surrogates_end = 0xdfff;

bool holds_printable(char32_t first, char32_t last) {
  return last >= 0x20 && !(first >= 0x2028 && last <= 0x2029);
}

} // namespace

automaton::state automaton::build(term_id at) {
  std::vector<std::uint32_t> sets;
  pool_.first_sets(at, sets);
  std::sort(sets.begin(), sets.end());
  sets.erase(std::unique(sets.begin(), sets.end()), sets.end());
  std::vector<char32_t> edges{0};
  for (const auto index : sets) {
    for (const auto& range : pool_.set(index).ranges()) {
      edges.push_back(range.first);
      if (range.last < last_code_point)
        edges.push_back(range.last + 1);
    }
  }
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  state made;
  std::map<std::vector<std::uint32_t>, term_id> by_sets; // characters of the same sets lead to the same place
  for (const auto edge : edges) {
    std::vector<std::uint32_t> holding;
    std::copy_if(sets.begin(), sets.end(), std::back_inserter(holding),
                 [&](auto index) { return pool_.set(index).contains(edge); });
    const auto known = by_sets.find(holding);
    const auto to = known != by_sets.end() ? known->second : pool_.derivative(at, edge);
    if (known == by_sets.end())
      by_sets.emplace(std::move(holding), to);
    if (made.runs.empty() || made.runs.back().second != to)
      made.runs.emplace_back(edge, to);
  }
  return made;
}

const automaton::state& automaton::look(term_id at) {
  if (at < states_.size() && states_[at] != nullptr)
    return *states_[at];
  if (++built_ > states_max)
    full_ = true;
  auto made = std::make_unique<state>(full() ? state{{}, {{0, term_pool::nothing}}} : build(at));
  std::size_t run = 0;
  for (char32_t c = 0; c < made->ascii.size(); ++c) {
    while (run + 1 < made->runs.size() && made->runs[run + 1].first <= c)
      ++run;
    made->ascii[c] = made->runs[run].second;
  }
  if (at >= states_.size())
    states_.resize(pool_.size());
  states_[at] = std::move(made);
  return *states_[at];
}

term_id automaton::step(term_id at, char32_t c) {
  if (at == term_pool::anything)
    return at;
  const auto& here = look(at);
  auto to = term_pool::nothing;
  if (c < here.ascii.size()) {
    to = here.ascii[c];
  } else {
    const auto after = std::upper_bound(here.runs.begin(), here.runs.end(), c,
                                        [](char32_t value, const auto& run) { return value < run.first; });
    to = std::prev(after)->second;
  }
  return alive(to) ? to : term_pool::nothing;
}

bool automaton::alive(term_id at) {
  if (at == term_pool::nothing)
    return false;
  if (pool_.plain(at))
    return true;
  const auto known = known_alive(at);
  return known != answer::unknown ? known == answer::yes : search(at);
}

void automaton::know_alive(term_id at, bool alive) {
  if (at >= alive_.size())
    alive_.resize(pool_.size(), answer::unknown);
  alive_[at] = alive ? answer::yes : answer::no;
}

bool automaton::search(term_id from) {
  std::vector<std::pair<term_id, std::size_t>> found{{from, 0}}; // each with the place of the one before it
  std::unordered_set<term_id> seen{from};
  for (std::size_t at = 0; at < found.size() && found.size() < searched_max; ++at) {
    const auto& runs = look(found[at].first).runs;
    for (const auto& [first, to] : runs) {
      if (to == term_pool::nothing || !seen.insert(to).second)
        continue;
      const auto known = known_alive(to);
      if (known == answer::no)
        continue;
      if (known == answer::unknown && !pool_.plain(to)) {
        found.emplace_back(to, at);
        continue;
      }
      for (auto back = at;; back = found[back].second) {
        know_alive(found[back].first, true);
        if (back == 0)
          return true;
      }
    }
  }
  if (found.size() >= searched_max)
    full_ = true;
  for (const auto& [id, before] : found)
    know_alive(id, false);
  return false;
}

bool automaton::can_take(term_id at, char32_t first, char32_t last) {
  if (at == term_pool::anything)
    return true;
  const auto& runs = look(at).runs;
  auto run = std::upper_bound(runs.begin(), runs.end(), first,
                              [](char32_t value, const auto& one) { return value < one.first; });
  for (--run; run != runs.end() && run->first <= last; ++run) {
    const auto next = std::next(run);
    const auto begin = std::max(first, run->first);
    const auto end = next == runs.end() ? last : std::min<char32_t>(last, next->first - 1);
    const bool only_surrogates = begin >= surrogates_begin && end <= surrogates_end;
    if (!only_surrogates && alive(run->second))
      return true;
  }
  return false;
}

bool automaton::endless(term_id at) {
  if (at == term_pool::anything || pool_.nearly_anything(at))
    return true;
  if (const auto known = endless_.find(at); known != endless_.end())
    return known->second;
  std::vector<term_id> found{at};
  std::unordered_set<term_id> seen{at};
  bool holds = alive(at);
  for (std::size_t next = 0; holds && next < found.size(); ++next) {
    const auto& runs = look(found[next]).runs;
    for (std::size_t run = 0; holds && run < runs.size(); ++run) {
      const auto end = run + 1 < runs.size() ? runs[run + 1].first - 1 : last_code_point;
      if (!holds_printable(runs[run].first, end))
        continue;
      const auto to = runs[run].second;
      holds = alive(to) && found.size() < endless_searched_max;
      if (to != term_pool::anything && seen.insert(to).second)
        found.push_back(to);
    }
  }
  endless_[at] = holds;
  return holds;
}

std::size_t automaton::count(term_id at, std::size_t enough) {
  std::vector<term_id> above;
  return alive(at) ? count_from(at, enough, above) : 0;
}

std::size_t automaton::count_from(term_id at, std::size_t enough, std::vector<term_id>& above) {
  // A state met again on the way to itself can be gone through any number of times.
  if (at == term_pool::anything || above.size() > count_depth_max ||
      std::find(above.begin(), above.end(), at) != above.end())
    return enough;
  above.push_back(at);
  std::size_t sum = accepts(at) ? 1 : 0;
  const auto runs = look(at).runs;
  for (std::size_t run = 0; run < runs.size() && sum < enough; ++run) {
    if (!alive(runs[run].second))
      continue;
    const auto end = run + 1 < runs.size() ? runs[run + 1].first : last_code_point + 1;
    const auto each = count_from(runs[run].second, enough, above);
    sum = each >= enough ? enough : std::min<std::size_t>(enough, sum + each * (end - runs[run].first));
  }
  above.pop_back();
  return sum;
}

} // namespace troupe::kernels::grammar
