#include "kernels/chat/attributes.hpp"
#include "kernels/chat/evaluator.hpp"
#include "kernels/chat/failure.hpp"
#include "kernels/chat/loop.hpp"
#include "kernels/chat/python.hpp"

#include <algorithm>

namespace troupe::kernels::chat {

using kind = statement::kind;

std::string evaluator::run(const program& all) {
  std::string to;
  execute(all.body, root_, to);
  return to;
}

void evaluator::put(std::string_view text, std::string& to) {
  with_.hold(text.size());
  if (text.size() > with_.limits().output_bytes - to.size())
    give_up("the template writes more than " + std::to_string(with_.limits().output_bytes) + " bytes");
  to += text;
}

std::string evaluator::captured(const statement_list& body, const scope_ptr& names) {
  std::string text;
  execute(body, names, text);
  return text;
}

evaluator::flow evaluator::execute(const statement_list& body, const scope_ptr& names, std::string& to) {
  const deeper guard(with_);
  for (const auto& one : body)
    if (const auto how = execute_one(*one, names, to); how != flow::normal)
      return how;
  return flow::normal;
}

evaluator::flow evaluator::execute_one(const statement& one, const scope_ptr& names, std::string& to) {
  with_.spend();
  with_.line = one.line;
  switch (one.what) {
  case kind::text:
    put(one.text, to);
    return flow::normal;
  case kind::print:
    for (const auto& what : one.expressions)
      put(to_text(evaluate(*what, names)), to);
    return flow::normal;
  case kind::branches:
    return execute_branches(one, names, to);
  case kind::loop:
    return execute_loop(one, names, to);
  case kind::set:
    assign(*one.target, evaluate(*one.expressions[0], names), names);
    return flow::normal;
  case kind::set_block:
    execute_set_block(one, names);
    return flow::normal;
  case kind::macro:
    names->set(one.text, macro_of(one, names, one.text));
    return flow::normal;
  case kind::call_block:
    execute_call_block(one, names, to);
    return flow::normal;
  case kind::filter_block: {
    const auto text = with_.text(captured(one.body, std::make_shared<scope>(names)));
    filtered_ = &text;
    const auto made = evaluate(*one.expressions[0], names);
    if (!made.is_text())
      give_up("a filter block must make a str, not " + type_name(made));
    put(made.text(), to);
    return flow::normal;
  }
  case kind::with:
    return execute_with(one, names, to);
  case kind::scoped:
    return execute(one.body, std::make_shared<scope>(names), to);
  case kind::leave:
    return flow::leave;
  case kind::proceed:
    return flow::proceed;
  case kind::unavailable:
    give_up("\"" + one.text + "\" needs other templates, and there are none");
  }
  return flow::normal;
}

evaluator::flow evaluator::execute_branches(const statement& one, const scope_ptr& names, std::string& to) {
  for (const auto& [when, body] : one.cases)
    if (!when || is_true(evaluate(*when, names)))
      return execute(body, names, to);
  return flow::normal;
}

evaluator::flow evaluator::execute_loop(const statement& one, const scope_ptr& names, std::string& to) {
  run_loop(one, names, evaluate(*one.expressions[0], names), 0, to);
  return flow::normal;
}

void evaluator::run_loop(const statement& one, const scope_ptr& names, const value& items, std::int64_t depth,
                         std::string& to) {
  auto source = std::make_unique<loop_items>(*this, one, names, items);
  const auto state = std::make_shared<loop_state>(*this, one, names, std::move(source), depth);
  const value loop = std::static_pointer_cast<object>(state);
  bool any = false; // as Jinja counts: a turn that ends early is none
  while (auto item = state->next(with_)) {
    const auto turn = std::make_shared<scope>(names);
    turn->set("loop", loop);
    assign(*one.target, std::move(*item), turn);
    const auto how = execute(one.body, turn, to);
    any = any || how == flow::normal;
    if (how == flow::leave)
      break;
  }
  state->end();
  if (!any)
    execute(one.otherwise, std::make_shared<scope>(names), to);
}

value evaluator::call_loop(const statement& loop, const scope_ptr& around, const value& items,
                           std::int64_t depth) {
  const deeper guard(with_);
  std::string text;
  run_loop(loop, around, items, depth, text);
  return with_.text(std::move(text));
}

bool evaluator::passes(const statement& loop, const scope_ptr& around, const value& item) {
  const auto names = std::make_shared<scope>(around);
  assign(*loop.target, item, names);
  return is_true(evaluate(*loop.expressions[1], names));
}

void evaluator::execute_set_block(const statement& one, const scope_ptr& names) {
  auto text = with_.text(captured(one.body, std::make_shared<scope>(names)));
  if (one.expressions[0]) {
    filtered_ = &text;
    text = evaluate(*one.expressions[0], names);
  }
  assign(*one.target, std::move(text), names);
}

evaluator::flow evaluator::execute_with(const statement& one, const scope_ptr& names, std::string& to) {
  const auto inside = std::make_shared<scope>(names);
  for (std::size_t i = 0; i < one.targets.size(); ++i)
    assign(*one.targets[i], evaluate(*one.expressions[i], names), inside);
  return execute(one.body, inside, to);
}

void evaluator::assign(const expression& target, value what, const scope_ptr& names) {
  if (target.what == expression::kind::tuple)
    return assign_tuple(target, what, names);
  if (target.what == expression::kind::name)
    return names->set(target.text, std::move(what));
  const auto of = evaluate(*target.children[0], names);
  require_defined(of);
  if (!of.is_object())
    give_up("cannot assign attribute on non-namespace object");
  of.the_object()->set_attribute(with_, target.text, std::move(what));
}

void evaluator::assign_tuple(const expression& target, const value& what, const scope_ptr& names) {
  require_defined(what);
  auto items = to_list(with_, what);
  if (items.size() != target.children.size())
    give_up((items.size() < target.children.size() ? "not enough" : "too many") +
            std::string(" values to unpack (expected ") + std::to_string(target.children.size()) + ", got " +
            std::to_string(items.size()) + ")");
  for (std::size_t i = 0; i < items.size(); ++i)
    assign(*target.children[i], std::move(items[i]), names);
}

namespace {

/// A macro, or the body of a call block. Its names are those around it, as they are when it is called.
class macro : public object {
public:
  macro(evaluator& by, const statement& body, const scope_ptr& around, std::string name)
      : by_(by)
      , body_(body)
      , around_(around)
      , name_(std::move(name)) {}

  std::string name() const override { return "Macro " + shown_text(name_); }
  bool is_callable() const override { return true; }
  value call(machine&, arguments args) override { return by_.call_macro(body_, around_, std::move(args)); }
  std::optional<value> attribute(machine& with, std::string_view which) override {
    if (which == "name")
      return with.text(name_);
    if (which != "arguments")
      return std::nullopt;
    value_list names;
    for (const auto& one : body_.parameters)
      names.push_back(with.text(one.name));
    return make_tuple(std::move(names));
  }

private:
  evaluator& by_;
  const statement& body_;
  std::weak_ptr<scope> around_; // the scope holds the macro: two owners of each other would live for ever
  std::string name_;
};

} // namespace

value evaluator::macro_of(const statement& one, const scope_ptr& names, const std::string& name) {
  with_.hold(sizeof(macro));
  return std::static_pointer_cast<object>(std::make_shared<macro>(*this, one, names, name));
}

void evaluator::execute_call_block(const statement& one, const scope_ptr& names, std::string& to) {
  auto caller = macro_of(one, names, "caller");
  put(to_text(evaluate_call(*one.expressions[0], names, std::move(caller))), to);
}

value evaluator::call_macro(const statement& macro, const std::weak_ptr<scope>& around, arguments args) {
  const deeper guard(with_);
  const auto line = with_.line;
  auto outside = around.lock();
  const auto names = std::make_shared<scope>(outside ? outside : root_);
  bind(macro, std::move(args), names);
  auto text = captured(macro.body, names);
  with_.line = line;
  return with_.text(std::move(text));
}

namespace {

std::optional<value> take_named(arguments& args, std::string_view name) {
  const auto found =
      std::ranges::find(args.named, name, [](const auto& one) { return std::string_view(one.first); });
  if (found == args.named.end())
    return std::nullopt;
  auto what = std::move(found->second);
  args.named.erase(found);
  return what;
}

} // namespace

void evaluator::bind(const statement& macro, arguments args, const scope_ptr& names) {
  const auto& wanted = macro.parameters;
  auto& given = args.positional;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    auto what = i < given.size() ? std::optional(given[i]) : take_named(args, wanted[i].name);
    if (!what && wanted[i].otherwise)
      what = evaluate(*wanted[i].otherwise, names);
    names->set(wanted[i].name,
               what ? std::move(*what)
                    : value::undefined("parameter " + shown_text(wanted[i].name) + " was not provided"));
  }
  const auto caller = take_named(args, "caller");
  if (macro.uses_caller)
    names->set("caller", caller.value_or(value::undefined("No caller defined")));
  else if (caller)
    give_up("macro " + shown_text(macro.text) + " takes no keyword argument 'caller'");
  if (macro.uses_named) {
    mapping rest;
    for (auto& [name, what] : args.named)
      rest.set(name, std::move(what));
    names->set("kwargs", make_mapping(std::move(rest)));
  } else if (!args.named.empty()) {
    give_up("macro " + shown_text(macro.text) + " takes no keyword argument " +
            shown_text(args.named.front().first));
  }
  const auto more = given.begin() + static_cast<std::ptrdiff_t>(std::min(given.size(), wanted.size()));
  if (macro.uses_rest)
    names->set("varargs", make_tuple(value_list(more, given.end())));
  else if (more != given.end())
    give_up("macro " + shown_text(macro.text) + " takes not more than " + std::to_string(wanted.size()) +
            " argument(s)");
}

} // namespace troupe::kernels::chat
