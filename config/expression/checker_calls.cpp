#include "config/expression/checker.hpp"

#include <algorithm>

namespace troupe::expression {
namespace {

bool is_number(const type& t) {
  return t.is(type_kind::integer) || t.is(type_kind::unsigned_integer) || t.is(type_kind::real) ||
         t.is(type_kind::number);
}

bool has_order(type_kind kind) {
  return kind == type_kind::boolean || kind == type_kind::text || kind == type_kind::bytes ||
         kind == type_kind::timestamp || kind == type_kind::duration;
}

// Beside a value whose type is not known, only one of the same kind fits, but for times.
std::optional<type> calculated_beside_dyn(node_kind operation, const type& known) {
  const bool time = known.is(type_kind::timestamp) || known.is(type_kind::duration);
  if (known.is_dyn() || (time && (operation == node_kind::add || operation == node_kind::subtract)))
    return type();
  const auto same = calculated(operation, known, known);
  return same && known.is(type_kind::list) ? type(type_kind::list) : same;
}

std::optional<type> calculated_numbers(node_kind operation, const type& a, const type& b) {
  const bool same = a.kind() == b.kind();
  if (same && a.is(type_kind::real))
    return operation == node_kind::modulo ? std::nullopt : std::optional<type>(a);
  if (same)
    return a;
  if (!fits(a, b))
    return std::nullopt;
  return a.is(type_kind::number) ? b : a; // what fits beside an int is an int
}

std::optional<type> calculated_times(node_kind operation, const type& a, const type& b) {
  const bool add = operation == node_kind::add;
  const bool a_instant = a.is(type_kind::timestamp), b_instant = b.is(type_kind::timestamp);
  const bool a_span = a.is(type_kind::duration), b_span = b.is(type_kind::duration);
  if ((!add && operation != node_kind::subtract) || !(a_instant || a_span) || !(b_instant || b_span))
    return std::nullopt;
  if (a_instant && b_instant)
    return add ? std::nullopt : std::optional<type>(type_kind::duration);
  if (a_span && b_instant && !add)
    return std::nullopt;
  return a_instant || b_instant ? type_kind::timestamp : type_kind::duration;
}

} // namespace

std::optional<type> calculated(node_kind operation, const type& a, const type& b) {
  if (a.is_dyn() || b.is_dyn())
    return calculated_beside_dyn(operation, a.is_dyn() ? b : a);
  if (is_number(a) && is_number(b))
    return calculated_numbers(operation, a, b);
  if (operation == node_kind::add && a.is(type_kind::list) && b.is(type_kind::list))
    return join(a, b);
  const bool sequence = a.kind() == b.kind() && (a.is(type_kind::text) || a.is(type_kind::bytes));
  if (operation == node_kind::add && sequence)
    return a;
  return calculated_times(operation, a, b);
}

bool can_be_ordered(const type& a, const type& b) {
  const auto may = [](const type& t) { return t.is_dyn() || is_number(t) || has_order(t.kind()); };
  return may(a) && may(b) &&
         (a.is_dyn() || b.is_dyn() || a.kind() == b.kind() || (is_number(a) && is_number(b)));
}

// Anything may be null: schemas seldom say so.
bool can_be_equal(const type& a, const type& b) {
  const bool nullable = a.is(type_kind::null) || b.is(type_kind::null);
  if (nullable || (is_number(a) && is_number(b)))
    return true;
  if (a.is(type_kind::list) && b.is(type_kind::list))
    return can_be_equal(a.element(), b.element());
  if (a.is(type_kind::map) && b.is(type_kind::map))
    return can_be_equal(a.key(), b.key()) && can_be_equal(a.item(), b.item());
  const auto is_map = [](const type& t) { return t.is(type_kind::map) || t.is(type_kind::object); };
  if (is_map(a) && is_map(b))
    return true;
  return fits(a, b) || fits(b, a);
}

type checker::call(const node& n) {
  const function_entry& entry = entry_of(n.called);
  std::vector<type> arguments;
  const std::size_t before = problems_.size();
  for (const node_id child : tree_.children_of(n)) {
    const type given = visit(child);
    const kinds listed = entry.takes[std::min<std::size_t>(arguments.size(), 2)];
    const kinds allowed = listed ? listed : entry.takes[0];
    if (!given.is_dyn() && !(allowed & one(given.kind())))
      report(code::no_overload, tree_.at(child).at,
             std::string(entry.name) + " does not take " + given.name(), "write " + std::string(entry.usage));
    arguments.push_back(given);
  }
  return problems_.size() > before ? type() : call_result(n, entry, arguments);
}

type checker::call_result(const node& n, const function_entry& entry, const std::vector<type>& arguments) {
  const type& first = arguments[0];
  switch (entry.id) {
  case function::sort:
  case function::distinct:
    return first.is_dyn() ? type(type_kind::list) : first;
  case function::split:
    return type::list(type_kind::text);
  case function::sum: // of an empty list it is the int 0, whatever the list would hold
    if (first.element().is(type_kind::integer))
      return first.element();
    if (first.element().is(type_kind::real) || first.element().is(type_kind::number))
      return type_kind::number;
    if (first.element().is_dyn() || is_number(first.element()) || first.element().is(type_kind::duration))
      return {};
    return report(code::no_overload, n.at, "sum does not take " + first.name());
  case function::minimum:
  case function::maximum: {
    if (arguments.size() == 1 && (first.is_dyn() || first.is(type_kind::list)))
      return first.element();
    if (arguments.size() == 1)
      return report(code::no_overload, n.at, std::string(entry.name) + " of one value takes a list",
                    "write " + std::string(entry.usage));
    type all = first;
    for (const type& other : arguments) {
      if (!can_be_ordered(first, other))
        return report(code::no_overload, n.at,
                      std::string(entry.name) + " does not take " + first.name() + " and " + other.name());
      all = join(all, other);
    }
    return all;
  }
  default:
    return entry.gives;
  }
}

} // namespace troupe::expression
