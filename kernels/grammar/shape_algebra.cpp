#include "kernels/grammar/shape_algebra.hpp"

#include "kernels/unicode/utf8.hpp"

#include <algorithm>

namespace troupe::kernels::grammar {

namespace {

template<class T>
void add_new(std::vector<T>& to, T one) {
  if (std::find(to.begin(), to.end(), one) == to.end())
    to.push_back(std::move(one));
}

bool impossible(const array_shape& one) {
  return one.least > one.most || std::any_of(one.counts.begin(), one.counts.end(),
                                             [](const auto& count) { return count.least > count.most; });
}

bool forbidden(const object_shape& one, const std::string& name) {
  return std::any_of(one.rules.begin(), one.rules.end(), [&](const auto& rules) {
    const auto rule = rules.names.find(name);
    return rule != rules.names.end() ? rule->second == no_value
                                     : rules.patterns.empty() && rules.others == no_value;
  });
}

bool impossible(const object_shape& one) {
  return one.least > one.most || one.required.size() > one.most ||
         std::any_of(one.required.begin(), one.required.end(),
                     [&](const auto& name) { return forbidden(one, name); });
}

template<class Shape>
result<std::vector<Shape>> product(shape_algebra& algebra, const std::vector<Shape>& a,
                                   const std::vector<Shape>& b) {
  std::vector<Shape> made;
  for (const auto& first : a) {
    for (const auto& second : b) {
      auto common = algebra.intersected(first, second);
      if (!impossible(common))
        add_new(made, std::move(common));
      if (made.size() > alternatives_max)
        return fail(fault::refused,
                    "combined schemas with more than " + std::to_string(alternatives_max) + " alternatives");
    }
  }
  return made;
}

} // namespace

object_shape with_rule(const std::string& name, node_id node) {
  object_shape made;
  made.rules.push_back({{{name, node}}, {}, any_value});
  return made;
}

shape shape_algebra::united(shape a, const shape& b) {
  a.null |= b.null;
  a.yes |= b.yes;
  a.no |= b.no;
  for (const auto& range : b.numbers)
    add_new(a.numbers, range);
  if (std::any_of(a.numbers.begin(), a.numbers.end(), [](const auto& range) { return range.is_free(); }))
    a.numbers = all_numbers();
  a.strings = terms_.either({a.strings, b.strings});
  for (const auto& one : b.arrays)
    add_new(a.arrays, one);
  for (const auto& one : b.objects)
    add_new(a.objects, one);
  if (std::find(a.arrays.begin(), a.arrays.end(), array_shape{}) != a.arrays.end())
    a.arrays = {{}};
  if (std::find(a.objects.begin(), a.objects.end(), object_shape{}) != a.objects.end())
    a.objects = {{}};
  return a;
}

result<shape> shape_algebra::intersected(const shape& a, const shape& b) {
  shape made;
  made.null = a.null && b.null;
  made.yes = a.yes && b.yes;
  made.no = a.no && b.no;
  auto numbers = grammar::intersected(a.numbers, b.numbers);
  if (!numbers)
    return fail(fault::refused, "multipleOf: these steps have no common one within reach");
  made.numbers = std::move(*numbers);
  made.strings = terms_.both({a.strings, b.strings});
  auto arrays = product(*this, a.arrays, b.arrays);
  if (!arrays)
    return fail(arrays);
  auto objects = product(*this, a.objects, b.objects);
  if (!objects)
    return fail(objects);
  made.arrays = std::move(*arrays);
  made.objects = std::move(*objects);
  return made;
}

result<shape> shape_algebra::complement(const shape& of) {
  auto made = shape::all();
  made.null = !of.null;
  made.yes = !of.yes;
  made.no = !of.no;
  auto numbers = grammar::complement(of.numbers);
  if (!numbers)
    return fail(fault::refused, "not multipleOf: these steps have no common one within reach");
  made.numbers = std::move(*numbers);
  made.strings = terms_.negated(of.strings);
  for (const auto& one : of.arrays) {
    auto others = complement(one);
    if (!others)
      return fail(others);
    auto left = product(*this, made.arrays, *others);
    if (!left)
      return fail(left);
    made.arrays = std::move(*left);
  }
  for (const auto& one : of.objects) {
    auto left = product(*this, made.objects, complement(one));
    if (!left)
      return fail(left);
    made.objects = std::move(*left);
  }
  return made;
}

array_shape shape_algebra::intersected(const array_shape& a, const array_shape& b) {
  array_shape made;
  const auto first = std::max(a.first.size(), b.first.size());
  for (std::size_t i = 0; i < first; ++i)
    made.first.push_back(nodes_.joined(a.at(i), b.at(i)));
  made.rest = nodes_.joined(a.rest, b.rest);
  made.least = std::max(a.least, b.least);
  made.most = std::min(a.most, b.most);
  made.counts = a.counts;
  for (const auto& count : b.counts)
    add_new(made.counts, count);
  made.unique = a.unique || b.unique;
  return made;
}

object_shape shape_algebra::intersected(object_shape a, const object_shape& b) {
  for (const auto& rules : b.rules)
    add_new(a.rules, rules);
  a.required.insert(b.required.begin(), b.required.end());
  a.least = std::max(a.least, b.least);
  a.most = std::min(a.most, b.most);
  a.names = terms_.both({a.names, b.names});
  for (const auto& wanted : b.wanted)
    add_new(a.wanted, wanted);
  a.implied.insert(b.implied.begin(), b.implied.end());
  return a;
}

result<std::vector<array_shape>> shape_algebra::complement(const array_shape& of) {
  if (of.unique)
    return fail(fault::refused, "not: uniqueItems");
  std::vector<array_shape> others;
  array_shape one;
  if (of.least > 0) {
    one.most = of.least - 1;
    others.push_back(one);
  }
  if (of.most != no_limit) {
    one = {};
    one.least = of.most + 1;
    others.push_back(one);
  }
  for (std::size_t i = 0; i < of.first.size(); ++i) {
    one = {};
    one.first.assign(i, any_value);
    one.first.push_back(nodes_.negated(of.first[i]));
    one.least = static_cast<std::uint32_t>(i + 1);
    if (one.first.back() != no_value)
      others.push_back(one);
  }
  const auto from = static_cast<std::uint32_t>(of.first.size());
  if (const auto not_rest = nodes_.negated(of.rest); not_rest != no_value) {
    one = {};
    one.counts.push_back({not_rest, 1, no_limit, from});
    others.push_back(one);
  }
  for (const auto& count : of.counts) {
    one = {};
    if (count.least > 0) {
      one.counts = {{count.node, 0, count.least - 1, count.from}};
      others.push_back(one);
    }
    if (count.most != no_limit) {
      one.counts = {{count.node, count.most + 1, no_limit, count.from}};
      others.push_back(one);
    }
  }
  return others;
}

term_id shape_algebra::literal(const std::string& text) { return terms_.literal(unicode::decoded(text)); }

void shape_algebra::complement_rules(const member_rules& rules, std::vector<object_shape>& others) {
  std::vector<term_id> named;
  for (const auto& [name, node] : rules.names) {
    named.push_back(literal(name));
    auto one = with_rule(name, nodes_.negated(node));
    one.required.insert(name);
    if (!impossible(one))
      others.push_back(std::move(one));
  }
  object_shape one;
  for (const auto& [names, node] : rules.patterns) {
    named.push_back(names);
    one.wanted = {{names, nodes_.negated(node)}};
    if (one.wanted[0].node != no_value)
      others.push_back(one);
  }
  one.wanted = {{terms_.negated(terms_.either(std::move(named))), nodes_.negated(rules.others)}};
  if (one.wanted[0].node != no_value)
    others.push_back(one);
}

std::vector<object_shape> shape_algebra::complement(const object_shape& of) {
  std::vector<object_shape> others;
  for (const auto& name : of.required)
    others.push_back(with_rule(name, no_value));
  object_shape one;
  if (of.least > 0) {
    one.most = of.least - 1;
    others.push_back(one);
  }
  if (of.most != no_limit) {
    one = {};
    one.least = of.most + 1;
    others.push_back(one);
  }
  for (const auto& rules : of.rules)
    complement_rules(rules, others);
  if (of.names != term_pool::anything) {
    one = {};
    one.wanted = {{terms_.negated(of.names), any_value}};
    others.push_back(one);
  }
  for (const auto& wanted : of.wanted) {
    one = {};
    one.rules = {{{}, {{wanted.names, nodes_.negated(wanted.node)}}, any_value}};
    others.push_back(one);
  }
  for (const auto& [first, second] : of.implied) {
    one = with_rule(second, no_value);
    one.required.insert(first);
    others.push_back(one);
  }
  return others;
}

} // namespace troupe::kernels::grammar
