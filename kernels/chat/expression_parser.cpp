#include "kernels/chat/expression_parser.hpp"

#include "kernels/chat/filters.hpp"
#include "kernels/chat/literals.hpp"

#include <array>

namespace troupe::kernels::chat {

namespace {

using kind = expression::kind;

/// Parsing is recursion too.
class nested {
public:
  nested(std::size_t& depth, token_stream& in)
      : depth_(depth) {
    if (depth_ >= expression_depth_max)
      in.broken("expressions are nested too deeply");
    ++depth_;
  }
  ~nested() { --depth_; }
  nested(const nested&) = delete;

private:
  std::size_t& depth_;
};

} // namespace

void expression_parser::measure(expression& one) const {
  std::size_t deepest = 0;
  const auto look = [&deepest](const expression_ptr& child) {
    if (child)
      deepest = std::max(deepest, child->depth);
  };
  for (const auto& child : one.children)
    look(child);
  for (const auto& child : one.call.positional)
    look(child);
  for (const auto& [name, child] : one.call.named)
    look(child);
  look(one.call.spread);
  look(one.call.named_spread);
  one.depth = deepest + 1;
  if (one.depth > expression_depth_max)
    in_.broken("expressions are nested too deeply");
}

expression_ptr expression_parser::made(kind what, std::vector<expression_ptr> children, std::string text) {
  auto one = std::make_unique<expression>();
  one->what = what;
  one->line = in_.now().line;
  one->text = std::move(text);
  one->children = std::move(children);
  measure(*one);
  return one;
}

namespace {

template<class... Children>
std::vector<expression_ptr> several(Children... children) {
  std::vector<expression_ptr> all;
  (all.push_back(std::move(children)), ...);
  return all;
}

} // namespace

expression_ptr expression_parser::constant(value what) {
  auto one = made(kind::constant, {});
  one->constant = std::move(what);
  return one;
}

expression_ptr expression_parser::whole(bool with_choice) { return with_choice ? choice() : either(); }

expression_ptr expression_parser::choice() {
  const nested guard(nesting_, in_);
  auto left = either();
  while (in_.skip_name("if")) {
    const bool was_lenient = std::exchange(lenient, true);
    auto when = either();
    auto otherwise = in_.skip_name("else") ? choice() : nullptr;
    lenient = was_lenient;
    left = made(kind::choice, several(std::move(when), std::move(left), std::move(otherwise)));
  }
  return left;
}

expression_ptr expression_parser::either() {
  auto left = both();
  while (in_.skip_name("or"))
    left = made(kind::either, several(std::move(left), both()));
  return left;
}

expression_ptr expression_parser::both() {
  auto left = negation();
  while (in_.skip_name("and"))
    left = made(kind::both, several(std::move(left), negation()));
  return left;
}

expression_ptr expression_parser::negation() {
  const nested guard(nesting_, in_);
  if (in_.is_name("not") && !(in_.ahead().what == token_type::name && in_.ahead().text == "in")) {
    in_.take();
    return made(kind::negation, several(negation()));
  }
  return comparison();
}

expression_ptr expression_parser::comparison() {
  std::vector<expression_ptr> operands;
  std::vector<std::string> operators;
  operands.push_back(sum());
  for (;;) {
    static constexpr std::array<std::string_view, 6> symbols{"==", "!=", "<", "<=", ">", ">="};
    const bool symbol =
        in_.is(token_type::symbol) && std::ranges::find(symbols, in_.now().text) != symbols.end();
    if (symbol || in_.is_name("in")) {
      operators.push_back(in_.take().text);
    } else if (in_.is_name("not") && in_.ahead().what == token_type::name && in_.ahead().text == "in") {
      in_.take();
      in_.take();
      operators.emplace_back("not in");
    } else {
      break;
    }
    operands.push_back(sum());
  }
  if (operators.empty())
    return std::move(operands.front());
  auto one = made(kind::compare, std::move(operands));
  one->operators = std::move(operators);
  return one;
}

expression_ptr expression_parser::sum() {
  auto left = join();
  while (in_.is_symbol("+") || in_.is_symbol("-")) {
    auto sign = in_.take().text;
    left = made(kind::arithmetic, several(std::move(left), join()), std::move(sign));
  }
  return left;
}

expression_ptr expression_parser::join() {
  std::vector<expression_ptr> parts;
  parts.push_back(product());
  while (in_.skip_symbol("~"))
    parts.push_back(product());
  return parts.size() == 1 ? std::move(parts.front()) : made(kind::join, std::move(parts));
}

expression_ptr expression_parser::product() {
  auto left = power();
  while (in_.is_symbol("*") || in_.is_symbol("/") || in_.is_symbol("//") || in_.is_symbol("%")) {
    auto sign = in_.take().text;
    left = made(kind::arithmetic, several(std::move(left), power()), std::move(sign));
  }
  return left;
}

expression_ptr expression_parser::power() {
  auto left = unary();
  while (in_.skip_symbol("**"))
    left = made(kind::arithmetic, several(std::move(left), unary()), "**");
  return left;
}

expression_ptr expression_parser::unary(bool with_filter) {
  const nested guard(nesting_, in_);
  expression_ptr one;
  if (in_.skip_symbol("-"))
    one = made(kind::minus, several(unary(false)));
  else if (in_.skip_symbol("+"))
    one = made(kind::plus, several(unary(false)));
  else
    one = primary();
  one = postfix(std::move(one));
  return with_filter ? filter_or_test(std::move(one)) : std::move(one);
}

expression_ptr expression_parser::primary() {
  switch (in_.now().what) {
  case token_type::name:
    return name_or_constant();
  case token_type::text:
    return text_constant();
  case token_type::integer:
  case token_type::real:
    return number();
  default:
    break;
  }
  if (in_.skip_symbol("("))
    return parenthesized();
  if (in_.skip_symbol("["))
    return list();
  if (in_.skip_symbol("{"))
    return dict();
  in_.broken("expected an expression");
}

expression_ptr expression_parser::name_or_constant() {
  auto name = in_.take().text;
  if (name == "true" || name == "True")
    return constant(true);
  if (name == "false" || name == "False")
    return constant(false);
  if (name == "none" || name == "None")
    return constant({});
  names.insert(name);
  return made(kind::name, {}, std::move(name));
}

expression_ptr expression_parser::text_constant() {
  std::string all;
  while (in_.is(token_type::text))
    all += in_.take().text;
  return constant(std::move(all));
}

expression_ptr expression_parser::number() {
  if (in_.is(token_type::real))
    return constant(real_of_literal(in_.take().text));
  const auto whole = integer_of_literal(in_.now().text);
  if (!whole)
    in_.broken("an integer beyond 64 bits");
  in_.take();
  return constant(*whole);
}

expression_ptr expression_parser::parenthesized() {
  const nested guard(nesting_, in_);
  if (in_.skip_symbol(")"))
    return made(kind::tuple, {});
  auto inside = tuple();
  in_.expect_symbol(")");
  return inside;
}

expression_ptr expression_parser::list() {
  std::vector<expression_ptr> items;
  while (!in_.is_symbol("]")) {
    if (!items.empty())
      in_.expect_symbol(",");
    if (in_.is_symbol("]"))
      break;
    items.push_back(whole());
  }
  in_.expect_symbol("]");
  return made(kind::list, std::move(items));
}

expression_ptr expression_parser::dict() {
  std::vector<expression_ptr> items;
  while (!in_.is_symbol("}")) {
    if (!items.empty())
      in_.expect_symbol(",");
    if (in_.is_symbol("}"))
      break;
    items.push_back(whole());
    in_.expect_symbol(":");
    items.push_back(whole());
  }
  in_.expect_symbol("}");
  return made(kind::dict, std::move(items));
}

expression_ptr expression_parser::postfix(expression_ptr from) {
  for (;;) {
    if (in_.skip_symbol("."))
      from = after_dot(std::move(from));
    else if (in_.skip_symbol("["))
      from = subscript(std::move(from));
    else if (in_.is_symbol("("))
      from = call(std::move(from));
    else
      return from;
  }
}

expression_ptr expression_parser::after_dot(expression_ptr from) {
  if (in_.is(token_type::name))
    return made(kind::attribute, several(std::move(from)), in_.take().text);
  if (!in_.is(token_type::integer))
    in_.broken("expected a name or a number behind the dot");
  return made(kind::item, several(std::move(from), number()));
}

expression_ptr expression_parser::bound() {
  return in_.is_symbol(":") || in_.is_symbol("]") || in_.is_symbol(",") ? nullptr : whole();
}

expression_ptr expression_parser::slice_or_index(expression_ptr from, bool& was_slice) {
  auto first = bound();
  was_slice = in_.skip_symbol(":");
  if (!was_slice) {
    if (!first)
      in_.broken("expected an index");
    return made(kind::item, several(std::move(from), std::move(first)));
  }
  auto last = bound();
  auto step = in_.skip_symbol(":") ? bound() : nullptr;
  return made(kind::slice, several(std::move(from), std::move(first), std::move(last), std::move(step)));
}

expression_ptr expression_parser::subscript(expression_ptr from) {
  bool was_slice = false;
  if (in_.skip_symbol("]")) // Jinja takes the index to be an empty tuple
    return made(kind::item, several(std::move(from), made(kind::tuple, {})));
  auto one = slice_or_index(std::move(from), was_slice);
  if (in_.is_symbol(",") && !was_slice) { // value[a, b]: the index is a tuple
    std::vector<expression_ptr> places;
    places.push_back(std::move(one->children[1]));
    while (in_.skip_symbol(","))
      places.push_back(whole());
    one->children[1] = made(kind::tuple, std::move(places));
    measure(*one);
  }
  in_.expect_symbol("]");
  return one;
}

call_syntax expression_parser::call_arguments() {
  call_syntax call;
  in_.expect_symbol("(");
  for (bool first = true; !in_.is_symbol(")"); first = false) {
    if (!first)
      in_.expect_symbol(",");
    if (in_.is_symbol(")"))
      break;
    if (in_.skip_symbol("*")) {
      if (call.spread || call.named_spread)
        in_.broken("a second *");
      call.spread = whole();
    } else if (in_.skip_symbol("**")) {
      if (call.named_spread)
        in_.broken("a second **");
      call.named_spread = whole();
    } else if (in_.is(token_type::name) && in_.ahead().what == token_type::symbol &&
               in_.ahead().text == "=") {
      auto name = in_.take().text;
      in_.take();
      call.named.push_back({std::move(name), whole()});
    } else {
      if (!call.named.empty() || call.spread || call.named_spread)
        in_.broken("a positional argument behind named ones");
      call.positional.push_back(whole());
    }
  }
  in_.expect_symbol(")");
  return call;
}

expression_ptr expression_parser::call(expression_ptr from) {
  auto arguments = call_arguments();
  auto one = made(kind::call, several(std::move(from)));
  one->call = std::move(arguments);
  measure(*one);
  return one;
}

expression_ptr expression_parser::filter_or_test(expression_ptr from) {
  for (;;) {
    if (in_.is_symbol("|"))
      from = filters(std::move(from), false);
    else if (in_.skip_name("is"))
      from = test(std::move(from));
    else if (in_.is_symbol("("))
      from = call(std::move(from));
    else
      return from;
  }
}

expression_ptr expression_parser::filters(expression_ptr from, bool begins_with_name) {
  while (begins_with_name || in_.skip_symbol("|")) {
    begins_with_name = false;
    auto name = in_.expect_name();
    while (in_.skip_symbol("."))
      name += "." + in_.expect_name();
    if (!lenient && !has_filter(name))
      in_.broken("No filter named '" + name + "'");
    auto one = made(kind::filter, several(std::move(from)), std::move(name));
    if (in_.is_symbol("("))
      one->call = call_arguments();
    measure(*one);
    from = std::move(one);
  }
  return from;
}

expression_ptr expression_parser::test(expression_ptr from) {
  const bool negated = in_.skip_name("not");
  auto name = in_.expect_name();
  while (in_.skip_symbol("."))
    name += "." + in_.expect_name();
  if (!lenient && !has_test(name))
    in_.broken("No test named '" + name + "'");
  auto one = made(kind::test, several(std::move(from)), std::move(name));
  const bool value_follows = in_.is(token_type::name) || in_.is(token_type::text) ||
                             in_.is(token_type::integer) || in_.is(token_type::real) || in_.is_symbol("[") ||
                             in_.is_symbol("{");
  if (in_.is_symbol("(")) {
    one->call = call_arguments();
  } else if (value_follows && !in_.is_name({"else", "or", "and"})) {
    if (in_.is_name("is"))
      in_.broken("You cannot chain multiple tests with is");
    one->call.positional.push_back(postfix(primary()));
  }
  measure(*one);
  return negated ? made(kind::negation, several(std::move(one))) : std::move(one);
}

bool expression_parser::at_tuple_end(std::string_view end_name) const {
  return in_.is(token_type::print_end) || in_.is(token_type::block_end) || in_.is_symbol(")") ||
         (!end_name.empty() && in_.is_name(end_name));
}

expression_ptr expression_parser::tuple(bool with_choice, std::string_view end_name) {
  std::vector<expression_ptr> items;
  bool several_items = false;
  do {
    if (at_tuple_end(end_name))
      break;
    items.push_back(whole(with_choice));
  } while (in_.skip_symbol(",") && (several_items = true));
  if (items.empty())
    in_.broken("expected an expression");
  if (!several_items)
    return std::move(items.front());
  return made(kind::tuple, std::move(items));
}

expression_ptr expression_parser::one_target() {
  const nested guard(nesting_, in_);
  if (in_.skip_symbol("(")) {
    auto inside = target(false);
    in_.expect_symbol(")");
    return inside;
  }
  const auto name = in_.now().text;
  if (!in_.is(token_type::name) || in_.is_name({"true", "false", "none", "True", "False", "None"}))
    in_.broken("expected a name to assign to");
  in_.take();
  return made(kind::name, {}, name);
}

expression_ptr expression_parser::target(bool attributes, std::string_view end_name) {
  std::vector<expression_ptr> items;
  bool several_items = false;
  do {
    if (at_tuple_end(end_name) || in_.is_symbol("="))
      break;
    auto one = one_target();
    if (attributes && one->what == kind::name && in_.skip_symbol("."))
      one = made(kind::attribute, several(std::move(one)), in_.expect_name());
    items.push_back(std::move(one));
  } while (in_.skip_symbol(",") && (several_items = true));
  if (items.empty())
    in_.broken("expected a name to assign to");
  if (!several_items)
    return std::move(items.front());
  return made(kind::tuple, std::move(items));
}

} // namespace troupe::kernels::chat
