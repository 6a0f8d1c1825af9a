#include "config/expression/operation.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <unordered_map>

namespace troupe::expression {
namespace {

bool is_nan(const value& v) { return v.is(value_kind::real) && std::isnan(v.as_double()); }

// Whether all of them can be put into one order: numbers with numbers, strings with strings.
outcome one_order(std::string_view who, std::span<const value> items) {
  for (const value& item : items) {
    if (is_nan(item))
      return reject(code::range, std::string(who) + ": nan has no place in an order");
    if (!compare(items.front(), item))
      return &item == &items.front() ? reject_kinds(who, {&item})
                                     : reject_kinds(who, {&items.front(), &item});
  }
  return value();
}

outcome extreme(function f, std::span<const value> arguments, operation_context& in) {
  const std::string_view name = entry_of(f).name;
  const bool from_list = arguments.size() == 1 && arguments[0].is(value_kind::list);
  const std::span<const value> items = from_list ? std::span<const value>(arguments[0].items()) : arguments;
  if (arguments.size() == 1 && !from_list)
    return reject(code::no_overload, std::string(name) + " of one value takes a list",
                  "write " + std::string(entry_of(f).usage));
  if (auto refused = in.spent.spend(items.size() / 4))
    return tl::unexpected(std::move(refused));
  if (items.empty())
    return reject(code::no_index, "an empty list has no " + std::string(name),
                  "list.min() ?? 0 says what to take then");
  if (auto order = one_order(name, items); !order)
    return order;
  const auto before = [](const value& a, const value& b) { return *compare(a, b) < 0; };
  return f == function::minimum ? *std::ranges::min_element(items, before)
                                : *std::ranges::max_element(items, before);
}

// Ints with ints stay an int; where a double is among them the sum is one; JSON makes no difference between
// them.
outcome add_up(const value& sum, const value& item, operation_context& in) {
  const bool mixed = sum.kind() != item.kind();
  if (mixed && sum.is(value_kind::integer) && item.is(value_kind::real))
    return value::of(static_cast<double>(sum.as_int()) + item.as_double());
  if (mixed && sum.is(value_kind::real) && item.is(value_kind::integer))
    return value::of(sum.as_double() + static_cast<double>(item.as_int()));
  if (!item.is_number() && !item.is(value_kind::duration))
    return reject_kinds("sum", {&item});
  return calculate(node_kind::add, sum, item, in);
}

outcome sum(const value& list, operation_context& in) {
  const auto& items = list.items();
  if (items.empty())
    return value::of(std::int64_t{0});
  if (!items.front().is_number() && !items.front().is(value_kind::duration))
    return reject_kinds("sum", {&items.front()});
  value total = items.front();
  for (const value& item : std::span(items).subspan(1)) {
    if (auto refused = in.spent.spend(1))
      return tl::unexpected(std::move(refused));
    auto more = add_up(total, item, in);
    if (!more)
      return more;
    total = *std::move(more);
  }
  return total;
}

outcome sort(const value& list, operation_context& in) {
  const auto& items = list.items();
  if (auto refused =
          in.spent.spend(items.size() * static_cast<std::size_t>(std::bit_width(items.size())) / 4))
    return tl::unexpected(std::move(refused));
  if (auto order = one_order("sort", items); !order)
    return order;
  std::vector<value> sorted = items;
  std::ranges::stable_sort(sorted, [](const value& a, const value& b) { return *compare(a, b) < 0; });
  return value::list(std::move(sorted));
}

// Keeps the first of those that are equal.
outcome distinct(const value& list, operation_context& in) {
  std::unordered_multimap<std::size_t, const value*> seen;
  std::vector<value> kept;
  for (const value& item : list.items()) {
    const std::size_t mark = hash(item);
    const auto [from, to] = seen.equal_range(mark);
    const auto rivals = static_cast<std::size_t>(std::distance(from, to));
    if (auto refused = in.spent.spend((1 + rivals) * (1 + item.weight() / 64)))
      return tl::unexpected(std::move(refused));
    if (std::any_of(from, to, [&](const auto& other) { return equal(*other.second, item); }))
      continue;
    seen.emplace(mark, &item);
    kept.push_back(item);
  }
  return value::list(std::move(kept));
}

outcome join(std::span<const value> arguments, operation_context& in) {
  const std::string separator = arguments.size() > 1 ? arguments[1].as_text() : "";
  std::string text;
  for (const value& item : arguments[0].items()) {
    if (!item.is(value_kind::text)) {
      auto refused =
          reject(code::no_overload, "join takes strings, not " + std::string(to_string(item.kind())));
      refused.value()->hint = "list.map(x, string(x)).join(\", \")";
      return refused;
    }
    const std::size_t more = item.as_text().size() + separator.size();
    if (auto refused = in.spent.spend(1 + more / 64))
      return tl::unexpected(std::move(refused));
    if (auto refused = in.spent.allow(text.size() + more))
      return tl::unexpected(std::move(refused));
    if (&item != &arguments[0].items().front())
      text += separator;
    text += item.as_text();
  }
  return value::text(std::move(text));
}

} // namespace

outcome call_on_list(function f, std::span<const value> arguments, operation_context& in) {
  switch (f) {
  case function::minimum:
  case function::maximum:
    return extreme(f, arguments, in);
  case function::sum:
    return sum(arguments[0], in);
  case function::sort:
    return sort(arguments[0], in);
  case function::distinct:
    return distinct(arguments[0], in);
  default:
    return join(arguments, in);
  }
}

} // namespace troupe::expression
