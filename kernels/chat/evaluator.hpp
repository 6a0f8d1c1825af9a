#pragma once

#include "kernels/chat/machine.hpp"
#include "kernels/chat/scope.hpp"
#include "kernels/chat/syntax.hpp"

namespace troupe::kernels::chat {

class loop_state;

/// Runs a program. One for each rendering.
class evaluator {
public:
  evaluator(machine& with, const mapping& variables)
      : with_(with)
      , variables_(variables)
      , root_(std::make_shared<scope>(nullptr)) {}

  std::string run(const program& all);

  /// What a macro or the body of a call block makes of its arguments.
  value call_macro(const statement& macro, const std::weak_ptr<scope>& around, arguments args);
  /// One round of a loop over `items`, for loops that call themselves.
  value call_loop(const statement& loop, const scope_ptr& around, const value& items, std::int64_t depth);

  /// For the items of a loop with "if".
  bool passes(const statement& loop, const scope_ptr& around, const value& item);

private:
  enum class flow : unsigned char { normal, leave, proceed };

  flow execute(const statement_list& body, const scope_ptr& names, std::string& to);
  flow execute_one(const statement& one, const scope_ptr& names, std::string& to);
  flow execute_branches(const statement& one, const scope_ptr& names, std::string& to);
  flow execute_loop(const statement& one, const scope_ptr& names, std::string& to);
  void run_loop(const statement& one, const scope_ptr& names, const value& items, std::int64_t depth,
                std::string& to);
  void execute_set_block(const statement& one, const scope_ptr& names);
  void execute_call_block(const statement& one, const scope_ptr& names, std::string& to);
  flow execute_with(const statement& one, const scope_ptr& names, std::string& to);
  void put(std::string_view text, std::string& to);
  std::string captured(const statement_list& body, const scope_ptr& names);

  void assign(const expression& target, value what, const scope_ptr& names);
  void assign_tuple(const expression& target, const value& what, const scope_ptr& names);
  void bind(const statement& macro, arguments args, const scope_ptr& names);
  value macro_of(const statement& one, const scope_ptr& names, const std::string& name);

  value evaluate(const expression& one, const scope_ptr& names);
  value evaluate_or_none(const expression_ptr& one, const scope_ptr& names);
  value_list evaluate_all(const std::vector<expression_ptr>& all, const scope_ptr& names);
  value look_up(const std::string& name, const scope_ptr& names);
  value evaluate_dict(const expression& one, const scope_ptr& names);
  value evaluate_choice(const expression& one, const scope_ptr& names);
  value evaluate_compare(const expression& one, const scope_ptr& names);
  value evaluate_join(const expression& one, const scope_ptr& names);
  value evaluate_call(const expression& one, const scope_ptr& names, std::optional<value> caller);
  value evaluate_filter(const expression& one, const scope_ptr& names);
  value evaluate_test(const expression& one, const scope_ptr& names);
  arguments evaluate_arguments(const call_syntax& call, const scope_ptr& names);

  machine& with_;
  const mapping& variables_;
  scope_ptr root_;
  const value* filtered_ = nullptr; // the text of a block on its way through filters
};

} // namespace troupe::kernels::chat
