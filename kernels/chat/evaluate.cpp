#include "kernels/chat/attributes.hpp"
#include "kernels/chat/evaluator.hpp"
#include "kernels/chat/failure.hpp"
#include "kernels/chat/filters.hpp"
#include "kernels/chat/python.hpp"

namespace troupe::kernels::chat {

using kind = expression::kind;

value evaluator::evaluate_or_none(const expression_ptr& one, const scope_ptr& names) {
  return one ? evaluate(*one, names) : value{};
}

value_list evaluator::evaluate_all(const std::vector<expression_ptr>& all, const scope_ptr& names) {
  value_list values;
  values.reserve(all.size());
  for (const auto& one : all)
    values.push_back(evaluate(*one, names));
  with_.hold(values.size() * sizeof(value));
  return values;
}

value evaluator::look_up(const std::string& name, const scope_ptr& names) {
  if (const auto* found = names->find(name))
    return *found;
  if (const auto* found = variables_.find(std::string_view(name)))
    return *found;
  if (const auto function = find_global(name))
    return std::static_pointer_cast<object>(std::make_shared<builtin>("function " + name, function));
  return value::undefined(shown_text(name) + " is undefined");
}

value evaluator::evaluate(const expression& one, const scope_ptr& names) {
  const deeper guard(with_);
  with_.spend();
  const auto child = [&](std::size_t i) { return evaluate(*one.children[i], names); };
  switch (one.what) {
  case kind::constant:
    return one.constant;
  case kind::name:
    return look_up(one.text, names);
  case kind::list:
    return make_list(evaluate_all(one.children, names));
  case kind::tuple:
    return make_tuple(evaluate_all(one.children, names));
  case kind::dict:
    return evaluate_dict(one, names);
  case kind::attribute:
    return get_attribute(with_, child(0), one.text);
  case kind::item: {
    const auto of = child(0);
    return get_item(with_, of, child(1));
  }
  case kind::slice: {
    const auto of = child(0);
    return get_slice(with_, of, evaluate_or_none(one.children[1], names),
                     evaluate_or_none(one.children[2], names), evaluate_or_none(one.children[3], names));
  }
  case kind::call:
    return evaluate_call(one, names, std::nullopt);
  case kind::filter:
    return evaluate_filter(one, names);
  case kind::test:
    return evaluate_test(one, names);
  case kind::choice:
    return evaluate_choice(one, names);
  case kind::both: {
    auto left = child(0);
    return is_true(left) ? child(1) : left;
  }
  case kind::either: {
    auto left = child(0);
    return is_true(left) ? left : child(1);
  }
  case kind::negation:
    return !is_true(child(0));
  case kind::compare:
    return evaluate_compare(one, names);
  case kind::join:
    return evaluate_join(one, names);
  case kind::arithmetic: {
    const auto left = child(0);
    return arithmetic(with_, one.text, left, child(1));
  }
  case kind::minus:
    return negated(child(0));
  case kind::plus:
    return arithmetic(with_, "+", 0, child(0));
  }
  return {};
}

value evaluator::evaluate_dict(const expression& one, const scope_ptr& names) {
  mapping all;
  for (std::size_t i = 0; i + 1 < one.children.size(); i += 2) {
    auto key = evaluate(*one.children[i], names);
    all.set(std::move(key), evaluate(*one.children[i + 1], names));
  }
  with_.hold(all.size() * 2 * sizeof(value));
  return make_mapping(std::move(all));
}

value evaluator::evaluate_choice(const expression& one, const scope_ptr& names) {
  if (is_true(evaluate(*one.children[0], names)))
    return evaluate(*one.children[1], names);
  if (one.children[2])
    return evaluate(*one.children[2], names);
  return value::undefined("the inline if-expression in line " + std::to_string(one.line) +
                          " evaluated to false and no else section was defined.");
}

namespace {

bool holds(machine& with, const std::string& sign, const value& a, const value& b) {
  if (sign == "==")
    return equal(a, b);
  if (sign == "!=")
    return !equal(a, b);
  if (sign == "in")
    return contains(with, b, a);
  if (sign == "not in")
    return !contains(with, b, a);
  const bool no_number = (a.is_real() && a.real() != a.real()) || (b.is_real() && b.real() != b.real());
  const auto order = compare(a, b, sign);
  if (no_number)
    return false;
  return sign == "<" ? order < 0 : sign == "<=" ? order <= 0 : sign == ">" ? order > 0 : order >= 0;
}

} // namespace

value evaluator::evaluate_compare(const expression& one, const scope_ptr& names) {
  auto left = evaluate(*one.children[0], names);
  for (std::size_t i = 0; i < one.operators.size(); ++i) {
    auto right = evaluate(*one.children[i + 1], names);
    if (!holds(with_, one.operators[i], left, right))
      return false;
    left = std::move(right);
  }
  return true;
}

value evaluator::evaluate_join(const expression& one, const scope_ptr& names) {
  std::string all;
  for (const auto& part : one.children)
    all += to_text(evaluate(*part, names));
  return with_.text(std::move(all));
}

arguments evaluator::evaluate_arguments(const call_syntax& call, const scope_ptr& names) {
  arguments args;
  args.positional = evaluate_all(call.positional, names);
  for (const auto& [name, what] : call.named)
    args.named.emplace_back(name, evaluate(*what, names));
  if (call.spread)
    for (auto& item : to_list(with_, evaluate(*call.spread, names)))
      args.positional.push_back(std::move(item));
  if (!call.named_spread)
    return args;
  const auto more = evaluate(*call.named_spread, names);
  if (!more.is_mapping())
    give_up("argument after ** must be a mapping, not " + type_name(more));
  for (const auto& [key, what] : more.entries().entries())
    args.named.emplace_back(to_text(key), what);
  return args;
}

value evaluator::evaluate_call(const expression& one, const scope_ptr& names, std::optional<value> caller) {
  const auto function = evaluate(*one.children[0], names);
  auto args = evaluate_arguments(one.call, names);
  if (caller)
    args.named.emplace_back("caller", std::move(*caller));
  require_defined(function);
  if (!function.is_object())
    give_up("'" + type_name(function) + "' object is not callable");
  return function.the_object()->call(with_, std::move(args));
}

value evaluator::evaluate_filter(const expression& one, const scope_ptr& names) {
  const auto& from = one.children[0];
  const auto self = from ? evaluate(*from, names) : *filtered_;
  const auto filter = find_filter(one.text);
  if (filter == nullptr)
    give_up("No filter named '" + one.text + "'.");
  return filter(with_, self, evaluate_arguments(one.call, names));
}

value evaluator::evaluate_test(const expression& one, const scope_ptr& names) {
  const auto self = evaluate(*one.children[0], names);
  const auto test = find_test(one.text);
  if (test == nullptr)
    give_up("No test named '" + one.text + "'.");
  return test(with_, self, evaluate_arguments(one.call, names));
}

} // namespace troupe::kernels::chat
