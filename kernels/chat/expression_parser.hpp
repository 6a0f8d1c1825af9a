#pragma once

#include "kernels/chat/syntax.hpp"
#include "kernels/chat/token_stream.hpp"

#include <set>

namespace troupe::kernels::chat {

/// Expressions may be so deep: evaluating them is recursion.
inline constexpr std::size_t expression_depth_max = 150;

/// Jinja's grammar of expressions.
class expression_parser {
public:
  explicit expression_parser(token_stream& tokens)
      : in_(tokens) {}

  expression_ptr whole(bool with_choice = true);
  /// One, or several with commas: then a tuple. Ends before a tag's end or one of `ends`.
  expression_ptr tuple(bool with_choice = true, std::string_view end_name = {});
  /// What may be assigned to: names, tuples of them, and with `attributes` also name.attribute.
  expression_ptr target(bool attributes, std::string_view end_name = {});
  expression_ptr one_target();
  /// Filters behind an expression, or behind nothing: "upper | trim".
  expression_ptr filters(expression_ptr from, bool begins_with_name);
  call_syntax call_arguments();

  /// In an if's branch Jinja lets unknown filters and tests pass until they are reached.
  bool lenient = false;

  /// Names that were read since somebody last looked: a macro takes more arguments if its body asks for them.
  std::set<std::string, std::less<>> names;

private:
  expression_ptr made(expression::kind what, std::vector<expression_ptr> children, std::string text = {});
  expression_ptr choice();
  expression_ptr either();
  expression_ptr both();
  expression_ptr negation();
  expression_ptr comparison();
  expression_ptr sum();
  expression_ptr join();
  expression_ptr product();
  expression_ptr power();
  expression_ptr unary(bool with_filter = true);
  expression_ptr primary();
  expression_ptr name_or_constant();
  expression_ptr text_constant();
  expression_ptr number();
  expression_ptr parenthesized();
  expression_ptr list();
  expression_ptr dict();
  expression_ptr postfix(expression_ptr from);
  expression_ptr after_dot(expression_ptr from);
  expression_ptr subscript(expression_ptr from);
  expression_ptr bound();
  expression_ptr slice_or_index(expression_ptr from, bool& was_slice);
  expression_ptr filter_or_test(expression_ptr from);
  expression_ptr test(expression_ptr from);
  expression_ptr call(expression_ptr from);
  bool at_tuple_end(std::string_view end_name) const;
  expression_ptr constant(value what);
  void measure(expression& one) const;
  void nest();

  token_stream& in_;
  std::size_t nesting_ = 0;
};

} // namespace troupe::kernels::chat
