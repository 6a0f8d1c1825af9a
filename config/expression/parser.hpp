#pragma once

#include "config/expression/syntax_tree.hpp"
#include "config/expression/token.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace troupe::expression {

/// Reads one expression by recursive descent.
class parser {
public:
  explicit parser(std::string_view text);

  tl::expected<syntax_tree, problem> run();

private:
  using parsed = tl::expected<node_id, problem>;
  using failure = tl::unexpected<problem>;
  using done = tl::expected<void, problem>;

  // From loose to tight binding.
  parsed whole();
  parsed conditional();
  parsed coalesced();
  parsed binary(int tightest_left);
  parsed unary();
  parsed negative(const token& minus);
  parsed member();
  parsed primary();

  parsed bracketed(const token& open);
  parsed list(const token& open);
  parsed map(const token& open);
  parsed named();
  parsed absolute(const token& dot);
  parsed literal();
  parsed variable(const token& name, bool may_be_local);
  parsed after_dot(node_id target);
  parsed field(node_id target, const token& name);
  parsed indexed(node_id target);

  // parser_calls.cpp
  parsed global_call(const token& name);
  parsed has(const token& name);
  parsed receiver_call(node_id target, const token& name);
  parsed macro(node_kind kind, node_id range, const token& name);
  parsed call(const token& name, std::vector<node_id> arguments, bool is_receiver, std::size_t begin);
  parsed checked_call(const function_entry& entry, const token& name, std::vector<node_id> arguments,
                      bool is_receiver, std::size_t begin);
  tl::expected<std::vector<node_id>, problem> arguments();
  tl::expected<token, problem> macro_variable(const token& name);
  done compile_pattern(node& made);
  failure no_such_function(const token& name) const;

  done advance();
  bool at_mark(std::string_view m) const noexcept { return current_.mark(m); }
  done expect(std::string_view mark, std::string_view after);
  failure unexpected() const;
  failure no_message(const node& before) const;

  parsed add(node made, const std::vector<node_id>& children = {});
  node& at(node_id id) { return tree_.nodes[id]; }
  std::uint32_t name_index(std::string_view name);
  std::size_t end() const noexcept { return last_end_; }

  syntax_tree tree_;
  lexer lexer_;
  token current_;
  std::size_t last_end_ = 0; // of the token before the current one
  std::size_t depth_ = 0;    // of brackets and signs, which are no nodes
  std::vector<std::string> locals_;
};

/// One mistake at a place.
inline tl::unexpected<problem> refuse(code what, span at, std::string message, std::string hint = {}) {
  return tl::unexpected(problem{what, std::move(message), at, std::move(hint)});
}

} // namespace troupe::expression
