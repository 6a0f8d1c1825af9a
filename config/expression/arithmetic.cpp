#include "config/expression/operation.hpp"

#include <cmath>

namespace troupe::expression {
namespace {

tl::unexpected<refusal> overflow(std::string_view operation) {
  return reject(code::overflow, std::string(operation) + " goes beyond 64 bits");
}

tl::unexpected<refusal> by_zero(node_kind operation) {
  return reject(code::division_by_zero,
                operation == node_kind::divide ? "a division by zero" : "a remainder of a division by zero");
}

// Quotient or remainder of ints or uints; the smallest int has no opposite.
template<class Int>
outcome divided(node_kind operation, Int a, Int b) {
  if (b == 0)
    return by_zero(operation);
  if (std::is_signed_v<Int> && a == std::numeric_limits<Int>::min() && b == static_cast<Int>(-1))
    return overflow(to_string(operation));
  return value::of(operation == node_kind::divide ? a / b : a % b);
}

template<class Int>
outcome calculate_whole(node_kind operation, Int a, Int b) {
  Int to{};
  bool over = false;
  switch (operation) {
  case node_kind::add:
    over = __builtin_add_overflow(a, b, &to);
    break;
  case node_kind::subtract:
    over = __builtin_sub_overflow(a, b, &to);
    break;
  case node_kind::multiply:
    over = __builtin_mul_overflow(a, b, &to);
    break;
  default:
    return divided(operation, a, b);
  }
  if (over)
    return overflow(to_string(operation));
  return value::of(to);
}

// Never fails but for %, which doubles do not have.
outcome calculate_real(node_kind operation, const value& a, const value& b) {
  const double x = a.as_double(), y = b.as_double();
  switch (operation) {
  case node_kind::add:
    return value::of(x + y);
  case node_kind::subtract:
    return value::of(x - y);
  case node_kind::multiply:
    return value::of(x * y);
  case node_kind::divide:
    return value::of(x / y);
  default:
    return reject_kinds("%", {&a, &b});
  }
}

template<class Time>
outcome in_time(std::optional<Time> made, std::string_view what) {
  if (!made)
    return reject(code::range, "the " + std::string(what) + " is out of range");
  return value::of(*made);
}

outcome add_times(const value& a, const value& b) {
  const bool first_is_instant = a.is(value_kind::timestamp), second_is_instant = b.is(value_kind::timestamp);
  if (first_is_instant && b.is(value_kind::duration))
    return in_time(add(a.as_timestamp(), b.as_duration()), "timestamp");
  if (a.is(value_kind::duration) && second_is_instant)
    return in_time(add(b.as_timestamp(), a.as_duration()), "timestamp");
  if (a.is(value_kind::duration) && b.is(value_kind::duration))
    return in_time(add(a.as_duration(), b.as_duration()), "duration");
  return reject_kinds("+", {&a, &b});
}

outcome subtract_times(const value& a, const value& b) {
  if (a.is(value_kind::timestamp) && b.is(value_kind::timestamp))
    return in_time(subtract(a.as_timestamp(), b.as_timestamp()), "duration");
  if (!b.is(value_kind::duration))
    return reject_kinds("-", {&a, &b});
  if (a.is(value_kind::timestamp)) {
    const auto back = negate(b.as_duration());
    return in_time(back ? add(a.as_timestamp(), *back) : std::nullopt, "timestamp");
  }
  duration left;
  if (!a.is(value_kind::duration))
    return reject_kinds("-", {&a, &b});
  const bool over = __builtin_sub_overflow(a.as_duration().nanos, b.as_duration().nanos, &left.nanos);
  return in_time(over ? std::nullopt : std::optional(left), "duration");
}

outcome concatenated_lists(const value& a, const value& b, operation_context& in) {
  if (auto refused = in.spent.spend((a.items().size() + b.items().size()) / 8))
    return tl::unexpected(std::move(refused));
  if (auto refused = in.spent.allow(a.weight() + b.weight()))
    return tl::unexpected(std::move(refused));
  std::vector<value> items;
  items.reserve(a.items().size() + b.items().size());
  items.insert(items.end(), a.items().begin(), a.items().end());
  items.insert(items.end(), b.items().begin(), b.items().end());
  return value::list(std::move(items));
}

outcome concatenated(const value& a, const value& b, operation_context& in) {
  if (a.is(value_kind::list))
    return concatenated_lists(a, b, in);
  if (auto refused = in.spent.spend_bytes(a.weight() + b.weight()))
    return tl::unexpected(std::move(refused));
  if (auto refused = in.spent.allow(a.weight() + b.weight()))
    return tl::unexpected(std::move(refused));
  return a.is(value_kind::text) ? value::text(a.as_text() + b.as_text())
                                : value::bytes(a.as_bytes() + b.as_bytes());
}

bool is_sequence(const value& v) {
  return v.is(value_kind::text) || v.is(value_kind::bytes) || v.is(value_kind::list);
}

tl::unexpected<refusal> reject_mixture(node_kind operation, const value& a, const value& b) {
  auto refused = reject_kinds(to_string(operation), {&a, &b});
  if (a.is_number() && b.is_number())
    refused.value()->hint = "convert one of them: double(…) or int(…)";
  else if (operation == node_kind::add && (a.is(value_kind::text) || b.is(value_kind::text)))
    refused.value()->hint = "convert it: string(…)";
  return refused;
}

} // namespace

outcome calculate(node_kind operation, const value& a, const value& b, operation_context& in) {
  if (a.kind() == b.kind()) {
    if (a.is(value_kind::integer))
      return calculate_whole(operation, a.as_int(), b.as_int());
    if (a.is(value_kind::unsigned_integer))
      return calculate_whole(operation, a.as_uint(), b.as_uint());
    if (a.is(value_kind::real))
      return calculate_real(operation, a, b);
    if (operation == node_kind::add && is_sequence(a))
      return concatenated(a, b, in);
  }
  const bool times = (a.is(value_kind::timestamp) || a.is(value_kind::duration)) &&
                     (b.is(value_kind::timestamp) || b.is(value_kind::duration));
  if (times && operation == node_kind::add)
    return add_times(a, b);
  if (times && operation == node_kind::subtract)
    return subtract_times(a, b);
  return reject_mixture(operation, a, b);
}

outcome negated(const value& a) {
  if (a.is(value_kind::real))
    return value::of(-a.as_double());
  if (!a.is(value_kind::integer))
    return reject_kinds("-", {&a});
  if (a.as_int() == INT64_MIN)
    return overflow("-");
  return value::of(-a.as_int());
}

outcome ordered(node_kind operation, const value& a, const value& b) {
  const auto order = compare(a, b);
  if (!order)
    return reject_kinds(to_string(operation), {&a, &b});
  switch (operation) {
  case node_kind::less:
    return value::of(*order < 0);
  case node_kind::less_equal:
    return value::of(*order <= 0);
  case node_kind::greater:
    return value::of(*order > 0);
  default:
    return value::of(*order >= 0);
  }
}

outcome contained(const value& item, const value& holder, operation_context& in) {
  if (holder.is(value_kind::map))
    return value::of(holder.find(item) != nullptr);
  if (!holder.is(value_kind::list)) {
    auto refused = reject_kinds("in", {&item, &holder});
    if (holder.is(value_kind::text))
      refused.value()->hint = "text.contains(part) looks into a text";
    return refused;
  }
  for (const value& candidate : holder.items()) {
    if (auto refused = in.spent.spend(1 + std::min(item.weight(), candidate.weight()) / 64))
      return tl::unexpected(std::move(refused));
    if (equal(item, candidate))
      return value::of(true);
  }
  return value::of(false);
}

} // namespace troupe::expression
