#include "config/diagnostic/suggestion.hpp"
#include "config/expression/parser.hpp"

#include <algorithm>
#include <array>

namespace troupe::expression {
namespace {

struct macro_name {
  std::string_view name;
  node_kind kind;
};

constexpr std::array macros{
    macro_name{"all", node_kind::all},
    macro_name{"exists", node_kind::exists},
    macro_name{"exists_one", node_kind::exists_one},
    macro_name{"filter", node_kind::filter},
    macro_name{"map", node_kind::transform},
};

std::string quoted(std::string_view name) { return "\"" + std::string(name) + "\""; }

std::string counted(std::size_t arguments) {
  return arguments == 1 ? "1 argument" : std::to_string(arguments) + " arguments";
}

} // namespace

parser::parsed parser::global_call(const token& name) {
  if (name.text == "has")
    return has(name);
  auto given = arguments();
  if (!given)
    return tl::unexpected(std::move(given.error()));
  return call(name, *std::move(given), false, name.at.begin);
}

parser::parsed parser::receiver_call(node_id target, const token& name) {
  const auto found = std::ranges::find(macros, name.text, &macro_name::name);
  if (found != macros.end())
    return macro(found->kind, target, name);
  auto given = arguments();
  if (!given)
    return tl::unexpected(std::move(given.error()));
  given->insert(given->begin(), target);
  return call(name, *std::move(given), true, at(target).at.begin);
}

// The opening bracket is the current token.
tl::expected<std::vector<node_id>, problem> parser::arguments() {
  if (auto read = advance(); !read)
    return tl::unexpected(read.error());
  std::vector<node_id> given;
  while (!at_mark(")")) {
    const auto argument = whole();
    if (!argument)
      return tl::unexpected(argument.error());
    given.push_back(*argument);
    if (!at_mark(","))
      break;
    if (auto read = advance(); !read)
      return tl::unexpected(read.error());
    if (at_mark(")"))
      return unexpected();
  }
  if (auto read = expect(")", "the arguments"); !read)
    return tl::unexpected(read.error());
  return given;
}

parser::parsed parser::has(const token& name) {
  const auto given = arguments();
  if (!given)
    return tl::unexpected(given.error());
  const span all{name.at.begin, end()};
  if (given->size() != 1 || at(given->front()).kind != node_kind::field)
    return refuse(code::syntax, all, "has() asks for one field", "has(a.b) says whether a has b");
  at(given->front()).kind = node_kind::has;
  at(given->front()).at = all;
  return given->front();
}

tl::expected<token, problem> parser::macro_variable(const token& name) {
  if (auto read = advance(); !read)
    return tl::unexpected(read.error());
  const token variable = current_;
  const std::string usage = "list." + std::string(name.text) + "(x, …)";
  if (variable.is != token_kind::name || is_reserved(variable.text))
    return refuse(code::syntax, variable.at,
                  "the first argument of " + std::string(name.text) + " names its variable", usage);
  if (auto read = advance(); !read)
    return tl::unexpected(read.error());
  if (!at_mark(","))
    return refuse(code::syntax, current_.at,
                  "the first argument of " + std::string(name.text) +
                      " is a plain name, the second says what to do with it",
                  usage);
  if (auto read = advance(); !read)
    return tl::unexpected(read.error());
  return variable;
}

parser::parsed parser::macro(node_kind kind, node_id range, const token& name) {
  const auto variable = macro_variable(name);
  if (!variable)
    return tl::unexpected(variable.error());
  locals_.emplace_back(variable->text);
  tree_.locals = std::max(tree_.locals, static_cast<std::uint32_t>(locals_.size()));
  std::vector<node_id> children{range};
  for (;;) {
    const auto body = whole();
    if (!body)
      return body;
    children.push_back(*body);
    if (!at_mark(","))
      break;
    if (kind != node_kind::transform || children.size() == 3)
      return refuse(code::unsupported, name.at,
                    std::string(name.text) + " takes one variable and one " +
                        (kind == node_kind::transform ? "result" : "condition"),
                    "macros with two variables are not part of this language");
    if (auto read = advance(); !read)
      return tl::unexpected(read.error());
  }
  locals_.pop_back();
  if (auto read = expect(")", "the arguments of " + std::string(name.text)); !read)
    return tl::unexpected(read.error());
  node made;
  made.kind = kind;
  made.at = {at(range).at.begin, end()};
  made.mark = name.at;
  made.index = static_cast<std::uint32_t>(locals_.size());
  return add(made, children);
}

parser::failure parser::no_such_function(const token& name) const {
  if (const auto instead = instead_of(name.text))
    return refuse(code::unsupported, name.at, quoted(name.text) + " is not part of this language",
                  std::string(*instead));
  const bool is_macro = std::ranges::find(macros, name.text, &macro_name::name) != macros.end();
  if (is_macro)
    return refuse(code::syntax, name.at, quoted(name.text) + " is called on a list or a map",
                  "list." + std::string(name.text) + "(x, …)");
  return refuse(code::unknown_call, name.at, "there is no function " + quoted(name.text),
                config::did_you_mean(name.text, callable_names()));
}

parser::parsed parser::call(const token& name, std::vector<node_id> arguments, bool is_receiver,
                            std::size_t begin) {
  const function_entry* entry = find_function(name.text);
  if (!entry)
    return no_such_function(name);
  return checked_call(*entry, name, std::move(arguments), is_receiver, begin);
}

parser::parsed parser::checked_call(const function_entry& entry, const token& name,
                                    std::vector<node_id> arguments, bool is_receiver, std::size_t begin) {
  const span all{begin, end()};
  const std::string usage = "write " + std::string(entry.usage);
  if (!(is_receiver ? entry.receiver : entry.global))
    return refuse(code::no_overload, all, quoted(entry.name) + " is called another way", usage);
  const std::size_t given = arguments.size() - (is_receiver ? 1 : 0);
  if (arguments.size() < entry.least || arguments.size() > entry.most)
    return refuse(code::no_overload, all, quoted(entry.name) + " does not take " + counted(given), usage);
  node made;
  made.kind = node_kind::call;
  made.called = entry.id;
  made.at = all;
  made.mark = name.at;
  const auto id = add(made, arguments);
  if (!id)
    return id;
  if (entry.id == function::matches) {
    if (auto ready = compile_pattern(at(*id)); !ready)
      return tl::unexpected(ready.error());
  }
  return id;
}

// A pattern that stands in the expression is compiled once, and a bad one is found before it runs.
parser::done parser::compile_pattern(node& made) {
  const node& pattern = tree_.child(made, 1);
  if (pattern.kind != node_kind::literal || !tree_.literals[pattern.index].is(value_kind::text))
    return {};
  auto compiled = compiled_pattern::make(tree_.literals[pattern.index].as_text());
  if (!compiled) {
    compiled.error().at = pattern.at;
    return tl::unexpected(std::move(compiled.error()));
  }
  tree_.patterns.push_back(*std::move(compiled));
  made.index = static_cast<std::uint32_t>(tree_.patterns.size());
  return {};
}

} // namespace troupe::expression
