#include "kernels/grammar/terms.hpp"

#include <algorithm>

namespace troupe::kernels::grammar {

namespace {

std::size_t mixed(std::size_t seed, std::size_t value) {
  return seed ^ (value * 0x9e3779b97f4a7c15ULL + 0x7f4a7c15ULL + (seed << 6) + (seed >> 2));
}

std::uint32_t less_one(std::uint32_t count) { return count == 0 || count == no_limit ? count : count - 1; }

} // namespace

std::size_t term_pool::term_hash::operator()(const term& t) const noexcept {
  auto hash = mixed(static_cast<std::size_t>(t.what), t.a);
  hash = mixed(hash, t.b);
  hash = mixed(hash, (static_cast<std::size_t>(t.least) << 32) | t.most);
  for (const auto part : t.parts)
    hash = mixed(hash, part);
  return hash;
}

term_pool::term_pool() {
  put({kind::nothing, false, true, true, 0, 0, 0, 0, {}});
  put({kind::no_text, true, true, true, 0, 0, 0, 0, {}});
  // The order of these numbers is the constants' in the header; the set takes the number behind.
  const auto all = put_set(code_point_set::all());
  put({kind::repeat, true, true, true, anything + 1, 0, 0, no_limit, {}});
  put({kind::character, false, true, true, all, 0, 0, 0, {}});
}

term_id term_pool::put(term made) {
  if (const auto known = ids_.find(made); known != ids_.end())
    return known->second;
  if (terms_.size() >= terms_max) {
    full_ = true;
    return nothing;
  }
  const auto id = static_cast<term_id>(terms_.size());
  made.finite = is_finite(made);
  ids_.emplace(made, id);
  terms_.push_back(std::move(made));
  return id;
}

bool term_pool::is_finite(const term& made) const {
  const auto each = [this](term_id id) { return finite(id); };
  switch (made.what) {
  case kind::concat:
    return finite(made.a) && finite(made.b);
  case kind::either:
    return std::all_of(made.parts.begin(), made.parts.end(), each);
  case kind::both:
    return std::any_of(made.parts.begin(), made.parts.end(), each);
  case kind::negated:
    return false;
  case kind::repeat:
    // Of the first one, "anything", the part is not there yet.
    return made.most != no_limit && finite(made.a);
  case kind::nothing:
  case kind::no_text:
  case kind::character:
    return true;
  }
  return false;
}

std::uint32_t term_pool::put_set(const code_point_set& set) {
  std::size_t hash = 0;
  for (const auto& range : set.ranges())
    hash = mixed(mixed(hash, range.first), range.last);
  auto& alike = set_ids_[hash];
  for (const auto index : alike)
    if (sets_[index] == set)
      return index;
  const auto index = static_cast<std::uint32_t>(sets_.size());
  sets_.push_back(set);
  alike.push_back(index);
  return index;
}

term_id term_pool::character(const code_point_set& set) {
  return set.empty() ? nothing : put({kind::character, false, true, true, put_set(set), 0, 0, 0, {}});
}

term_id term_pool::literal(std::u32string_view text) {
  auto id = no_text;
  for (auto c = text.rbegin(); c != text.rend(); ++c)
    id = concat(character({*c, *c}), id);
  return id;
}

term_id term_pool::literals(std::vector<std::u32string> texts) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return literals_from(texts, 0, texts.size(), 0);
}

term_id term_pool::literals_from(const std::vector<std::u32string>& sorted, std::size_t begin,
                                 std::size_t end, std::size_t depth) {
  if (end - begin == 1)
    return literal(std::u32string_view(sorted[begin]).substr(depth));
  std::vector<term_id> branches;
  if (begin < end && sorted[begin].size() == depth) {
    branches.push_back(no_text);
    ++begin;
  }
  while (begin < end) {
    const auto c = sorted[begin][depth];
    auto next = begin;
    while (next < end && sorted[next][depth] == c)
      ++next;
    branches.push_back(concat(character({c, c}), literals_from(sorted, begin, next, depth + 1)));
    begin = next;
  }
  return either(std::move(branches));
}

term_id term_pool::concat(term_id first, term_id then) {
  if (first == nothing || then == nothing)
    return nothing;
  if (first == no_text)
    return then;
  if (then == no_text || (first == anything && then == anything))
    return first;
  if (first == anything && terms_[then].what == kind::concat && terms_[then].a == anything)
    return then;
  if (terms_[first].what == kind::concat) {
    const auto head = terms_[first].a;
    return concat(head, concat(terms_[first].b, then));
  }
  return put({kind::concat,
              nullable(first) && nullable(then),
              plain(first) && plain(then),
              true,
              first,
              then,
              0,
              0,
              {}});
}

void term_pool::flatten(kind what, std::vector<term_id>& terms) const {
  std::vector<term_id> flat;
  for (const auto id : terms) {
    if (terms_[id].what == what)
      flat.insert(flat.end(), terms_[id].parts.begin(), terms_[id].parts.end());
    else
      flat.push_back(id);
  }
  std::sort(flat.begin(), flat.end());
  flat.erase(std::unique(flat.begin(), flat.end()), flat.end());
  terms = std::move(flat);
}

void term_pool::join_sets(std::vector<term_id>& terms) {
  code_point_set joined;
  std::size_t sets = 0;
  for (const auto id : terms) {
    if (terms_[id].what == kind::character) {
      joined = joined.united(sets_[terms_[id].a]);
      ++sets;
    }
  }
  if (sets < 2)
    return;
  std::erase_if(terms, [this](term_id id) { return terms_[id].what == kind::character; });
  terms.push_back(character(joined));
  std::sort(terms.begin(), terms.end());
}

term_id term_pool::either(std::vector<term_id> terms) {
  flatten(kind::either, terms);
  std::erase(terms, nothing);
  join_sets(terms);
  if (std::binary_search(terms.begin(), terms.end(), anything))
    return anything;
  for (const auto id : terms)
    if (terms_[id].what == kind::negated && std::binary_search(terms.begin(), terms.end(), terms_[id].a))
      return anything;
  if (std::any_of(terms.begin(), terms.end(), [this](auto id) { return id != no_text && nullable(id); }))
    std::erase(terms, no_text);
  if (terms.size() < 2)
    return terms.empty() ? nothing : terms.front();
  term made{kind::either, false, true, true, 0, 0, 0, 0, {}};
  // One part that surely holds a text is enough for the whole to hold one.
  made.plain = std::any_of(terms.begin(), terms.end(), [this](auto id) { return plain(id); });
  made.nullable = std::any_of(terms.begin(), terms.end(), [this](auto id) { return nullable(id); });
  made.parts = std::move(terms);
  return put(std::move(made));
}

term_id term_pool::both(std::vector<term_id> terms) {
  flatten(kind::both, terms);
  std::erase(terms, anything);
  if (std::find(terms.begin(), terms.end(), nothing) != terms.end())
    return nothing;
  for (const auto id : terms)
    if (terms_[id].what == kind::negated && std::binary_search(terms.begin(), terms.end(), terms_[id].a))
      return nothing;
  if (std::binary_search(terms.begin(), terms.end(), no_text))
    return std::all_of(terms.begin(), terms.end(), [this](auto id) { return nullable(id); }) ? no_text
                                                                                             : nothing;
  if (terms.size() < 2)
    return terms.empty() ? anything : terms.front();
  term made{kind::both, false, false, true, 0, 0, 0, 0, {}};
  made.nullable = std::all_of(terms.begin(), terms.end(), [this](auto id) { return nullable(id); });
  made.plain = made.nullable;
  made.parts = std::move(terms);
  return put(std::move(made));
}

term_id term_pool::negated(term_id of) {
  if (of == nothing)
    return anything;
  if (of == anything)
    return nothing;
  if (terms_[of].what == kind::negated)
    return terms_[of].a;
  return put({kind::negated, !nullable(of), !nullable(of) || finite(of), true, of, 0, 0, 0, {}});
}

term_id term_pool::repeat(term_id of, std::uint32_t least, std::uint32_t most) {
  if (most < least)
    return nothing;
  if (most == 0 || of == no_text)
    return no_text;
  if (of == nothing)
    return least == 0 ? no_text : nothing;
  if (least == 1 && most == 1)
    return of;
  if (nullable(of))
    least = 0;
  const auto& inner = terms_[of];
  if (inner.what == kind::repeat && inner.least == 0 && inner.most == no_limit)
    return of;
  return put({kind::repeat, least == 0, least == 0 || plain(of), true, of, 0, least, most, {}});
}

term_id term_pool::derivative(term_id id, char32_t c) {
  if (full_)
    return nothing;
  // A copy: taking derivatives makes terms, which moves them.
  const auto t = terms_[id];
  std::vector<term_id> parts;
  switch (t.what) {
  case kind::nothing:
  case kind::no_text:
    return nothing;
  case kind::character:
    return sets_[t.a].contains(c) ? no_text : nothing;
  case kind::concat: {
    const auto behind_first = concat(derivative(t.a, c), t.b);
    return nullable(t.a) ? either({behind_first, derivative(t.b, c)}) : behind_first;
  }
  case kind::either:
  case kind::both:
    for (const auto part : t.parts) {
      parts.push_back(derivative(part, c));
      if (t.what == kind::both && parts.back() == nothing)
        return nothing;
    }
    return t.what == kind::both ? both(std::move(parts)) : either(std::move(parts));
  case kind::negated:
    return negated(derivative(t.a, c));
  case kind::repeat:
    return concat(derivative(t.a, c), repeat(t.a, less_one(t.least), less_one(t.most)));
  }
  return nothing;
}

void term_pool::first_sets(term_id id, std::vector<std::uint32_t>& sets) const {
  const auto& t = terms_[id];
  switch (t.what) {
  case kind::nothing:
  case kind::no_text:
    return;
  case kind::character:
    sets.push_back(t.a);
    return;
  case kind::concat:
    first_sets(t.a, sets);
    if (nullable(t.a))
      first_sets(t.b, sets);
    return;
  case kind::either:
  case kind::both:
    for (const auto part : t.parts)
      first_sets(part, sets);
    return;
  case kind::negated:
  case kind::repeat:
    first_sets(t.a, sets);
    return;
  }
}

bool term_pool::only_counts(term_id id, std::uint32_t& least, std::uint32_t& most) const {
  const auto& t = terms_[id];
  least = t.least;
  most = t.most;
  if (t.what == kind::no_text || t.what == kind::character)
    least = most = t.what == kind::no_text ? 0 : 1;
  const auto one = t.what == kind::repeat ? t.a : id;
  return t.what == kind::no_text || (terms_[one].what == kind::character && sets_[terms_[one].a].is_all());
}

} // namespace troupe::kernels::grammar
