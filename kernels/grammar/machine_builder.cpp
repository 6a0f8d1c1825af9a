#include "kernels/grammar/machine_builder.hpp"

#include "kernels/unicode/utf8.hpp"

#include <algorithm>

namespace troupe::kernels::grammar {

namespace {

constexpr std::size_t machines_max = 60'000;
constexpr std::size_t other_names_max = 64;

bool matches(automaton& texts, term_id term, const std::string& text) {
  for (const auto c : unicode::decoded(text))
    if (term = texts.step(term, c); term == term_pool::nothing)
      return false;
  return texts.accepts(term);
}

/// With what is implied by what is implied.
std::set<std::pair<std::string, std::string>> closed(std::set<std::pair<std::string, std::string>> implied) {
  for (std::size_t before = 0; before != implied.size();) {
    before = implied.size();
    const auto known = implied;
    for (const auto& [name, other] : known)
      for (auto next = known.lower_bound({other, ""}); next != known.end() && next->first == other; ++next)
        if (next->second != name)
          implied.emplace(name, next->second);
  }
  return implied;
}

/// A set of names that all rules treat alike, as it is being divided.
struct name_group {
  term_id texts = term_pool::nothing;
  node_id node = any_value;
  std::vector<bool> wanted;
};

} // namespace

result<done> machine_builder::build(node_id root) {
  to_.root = root;
  // Building one value's machines numbers the nodes of what lies within.
  std::vector<node_id> open{root};
  std::vector<bool> seen(root + 1);
  seen[root] = true;
  const auto visit = [&](const value_choices& choices) {
    for (const auto& [counts_for, node] : choices) {
      if (node >= seen.size())
        seen.resize(nodes_.size());
      if (!seen[node])
        open.push_back(node);
      seen[node] = true;
    }
  };
  for (std::size_t next = 0; next < open.size(); ++next) {
    const auto node = open[next];
    if (auto built = build_value(node); !built)
      return built;
    if (to_.arrays.size() + to_.objects.size() > machines_max || nodes_.full() || to_.texts.full())
      return fail(fault::refused, "the schema needs too many combinations of its parts");
    for (const auto id : to_.values[node].arrays) {
      for (const auto& item : to_.arrays[id].first)
        visit(item);
      visit(to_.arrays[id].rest);
    }
    for (const auto id : to_.values[node].objects) {
      for (const auto& name : to_.objects[id].names)
        visit(name.choices);
      for (const auto& others : to_.objects[id].others)
        visit(others.choices);
    }
  }
  alive_.assign(nodes_.size(), false);
  to_.values.resize(nodes_.size());
  while (sweep()) {
  }
  if (!alive_[root])
    return fail(fault::refused, "no value fits this schema");
  finish();
  return done{};
}

result<done> machine_builder::build_value(node_id node) {
  const auto shape = shapes_.of(node);
  if (!shape)
    return fail(shape);
  value_machine value;
  value.null = (*shape)->null;
  value.yes = (*shape)->yes;
  value.no = (*shape)->no;
  value.numbers = (*shape)->numbers.empty() ? number_machine::dead : to_.numbers.begin((*shape)->numbers);
  value.strings = to_.texts.alive((*shape)->strings) ? (*shape)->strings : term_pool::nothing;
  for (const auto& one : (*shape)->arrays) {
    auto built = build_array(one, value);
    if (!built)
      return fail(built);
    value.arrays.push_back(*built);
  }
  for (const auto& one : (*shape)->objects) {
    auto built = build_object(one);
    if (!built)
      return fail(built);
    value.objects.push_back(*built);
  }
  if (node >= to_.values.size())
    to_.values.resize(nodes_.size());
  to_.values[node] = std::move(value);
  return done{};
}

/// Every way in which a place can count for what is wanted: for each thing that applies, it does or does not.
/// Where there is a most of something, what does not count must not be it.
value_choices machine_builder::choices(node_id base, const std::vector<node_id>& wanted,
                                       const std::vector<bool>& applies, const std::vector<bool>& capped) {
  value_choices all{{0, base}};
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!applies[i])
      continue;
    value_choices next;
    for (const auto& [counts_for, node] : all) {
      next.push_back({counts_for, capped[i] ? nodes_.joined(node, nodes_.negated(wanted[i])) : node});
      next.push_back({counts_for | (1u << i), nodes_.joined(node, wanted[i])});
    }
    all = std::move(next);
  }
  std::erase_if(all, [](const auto& choice) { return choice.node == no_value; });
  return all;
}

result<machine_id> machine_builder::build_array(const array_shape& shape, value_machine&) {
  array_machine array;
  array.least = shape.least;
  array.most = shape.most;
  array.counts = shape.counts;
  array.unique = shape.unique && shape.most > 1;
  if (shape.counts.size() > wanted_max || (shape.counts.size() > 1 && shape.most != no_limit))
    return fail(fault::refused, "contains: too many conditions on the items of one array");
  std::vector<node_id> wanted;
  std::vector<bool> capped;
  auto first = shape.first.size();
  for (const auto& count : shape.counts) {
    if (count.least > 1'000)
      return fail(fault::refused, "minContains: too many");
    wanted.push_back(count.node);
    capped.push_back(count.most != no_limit);
    first = std::max<std::size_t>(first, count.from);
  }
  for (std::size_t i = 0; i <= first; ++i) {
    std::vector<bool> applies;
    for (const auto& count : shape.counts)
      applies.push_back(i >= count.from);
    (i < first ? array.first.emplace_back() : array.rest) = choices(shape.at(i), wanted, applies, capped);
  }
  if (array.unique)
    if (auto checked = check_unique(array, shape); !checked)
      return fail(checked);
  to_.arrays.push_back(std::move(array));
  return static_cast<machine_id>(to_.arrays.size() - 1);
}

/// Strings are compared as they are read; nothing else is.
result<done> machine_builder::check_unique(array_machine& array, const array_shape& shape) {
  const auto items = shapes_.of(shape.rest);
  if (!items)
    return fail(items);
  const auto& item = **items;
  const bool only_strings = !item.null && !item.yes && !item.no && item.numbers.empty() &&
                            item.arrays.empty() && item.objects.empty() && shape.first.empty() &&
                            shape.counts.empty();
  if (!only_strings)
    return fail(fault::refused, "uniqueItems: of anything but strings");
  if (to_.texts.pool().finite(item.strings))
    array.most = std::min(array.most, static_cast<std::uint32_t>(to_.texts.count(item.strings, 1'000'000)));
  return done{};
}

result<machine_id> machine_builder::build_object(const object_shape& shape) {
  object_machine object;
  object.least = shape.least;
  object.most = shape.most;
  if (shape.wanted.size() > wanted_max)
    return fail(fault::refused, "not: too many conditions on the members of one object");
  if (shape.most != no_limit && !shape.wanted.empty() && !shape.implied.empty())
    return fail(fault::refused, "maxProperties: beside two kinds of conditions on which members there are");
  object.wanted = (1u << shape.wanted.size()) - 1;
  if (auto added = add_names(shape, object); !added)
    return fail(added);
  if (auto added = add_others(shape, object); !added)
    return fail(added);
  to_.objects.push_back(std::move(object));
  return static_cast<machine_id>(to_.objects.size() - 1);
}

result<done> machine_builder::add_names(const object_shape& shape, object_machine& object) {
  std::map<std::string, member_name> names;
  for (const auto& rules : shape.rules)
    for (const auto& [name, node] : rules.names)
      names[name];
  const auto implied = closed(shape.implied);
  auto required = shape.required;
  for (const auto& [name, other] : implied) {
    names[name], names[other];
    if (shape.required.contains(name))
      required.insert(other);
  }
  for (const auto& name : required)
    names[name].required = true;
  std::vector<node_id> wanted;
  for (const auto& one : shape.wanted)
    wanted.push_back(one.node);
  for (auto& [text, name] : names) {
    name.text = text;
    std::vector<bool> applies;
    for (const auto& one : shape.wanted)
      applies.push_back(matches(to_.texts, one.names, text));
    name.choices = choices(shapes_.member(shape, text), wanted, applies, std::vector<bool>(wanted.size()));
  }
  for (const auto& [name, other] : implied)
    names[name].implies.push_back(
        static_cast<std::uint32_t>(std::distance(names.begin(), names.find(other))));
  for (auto& [text, name] : names)
    object.names.push_back(std::move(name));
  return done{};
}

result<done> machine_builder::add_others(const object_shape& shape, object_machine& object) {
  const bool closed = std::any_of(shape.rules.begin(), shape.rules.end(), [](const auto& rules) {
    return rules.patterns.empty() && rules.others == no_value;
  });
  if (closed)
    return done{};
  auto& pool = to_.texts.pool();
  std::vector<std::u32string> named;
  for (const auto& name : object.names)
    named.push_back(unicode::decoded(name.text));
  std::vector<name_group> groups{
      {pool.both({shape.names, pool.negated(pool.literals(std::move(named)))}), any_value, {}}};
  const auto divide = [&](const std::vector<name_group>& all, term_id by, auto&& mark) {
    std::vector<name_group> next;
    for (const auto& group : all) {
      for (const bool inside : {true, false}) {
        auto part = group;
        part.texts = by == term_pool::anything ? (inside ? group.texts : term_pool::nothing)
                                               : pool.both({group.texts, inside ? by : pool.negated(by)});
        mark(part, inside);
        if (part.node != no_value && to_.texts.alive(part.texts))
          next.push_back(std::move(part));
      }
    }
    return next;
  };
  for (const auto& rules : shape.rules) {
    // First what the patterns say, and for how many of them; what none matched gets the rest.
    std::vector<std::pair<name_group, bool>> matched;
    for (auto& group : groups)
      matched.emplace_back(std::move(group), false);
    for (const auto& [names, node] : rules.patterns) {
      std::vector<std::pair<name_group, bool>> next;
      for (const auto& [group, was] : matched)
        for (auto& part :
             divide({group}, names, [](name_group&one, bool inside) { one.wanted.push_back(inside); })) {
          const bool inside = part.wanted.back();
          part.wanted.pop_back();
          part.node = inside ? nodes_.joined(part.node, node) : part.node;
          next.emplace_back(std::move(part), was || inside);
        }
      matched = std::move(next);
      if (matched.size() > other_names_max)
        return fail(fault::refused, "patternProperties: too many overlapping patterns");
    }
    groups.clear();
    for (auto& [group, was] : matched) {
      group.node = was ? group.node : nodes_.joined(group.node, rules.others);
      if (group.node != no_value)
        groups.push_back(std::move(group));
    }
  }
  std::vector<node_id> wanted;
  for (const auto& one : shape.wanted) {
    groups = divide(groups, one.names, [](name_group& part, bool inside) { part.wanted.push_back(inside); });
    wanted.push_back(one.node);
  }
  for (const auto& group : groups)
    object.others.push_back({group.texts, pool.finite(group.texts),
                             choices(group.node, wanted, group.wanted, std::vector<bool>(wanted.size()))});
  return done{};
}

} // namespace troupe::kernels::grammar
