#pragma once

#include "config/expression/expression.hpp"
#include "config/expression/syntax_tree.hpp"

#include <vector>

namespace troupe::expression {

/// Finds types from the leaves up. What has a problem is dyn from there on, so that one mistake is told once.
class checker {
public:
  checker(const syntax_tree& tree, const type_scope& names);

  checked run();

private:
  type visit(node_id id);
  type variable(const node& n);
  type field_type(const node& n);
  type index_type(const node& n);
  type map_literal(const node& n);
  type list_literal(const node& n);
  type unary(const node& n);
  type binary(const node& n);
  type logical(const node& n);
  type membership(const node& n);
  type conditional(const node& n);
  type macro(const node& n);

  // checker_calls.cpp
  type call(const node& n);
  type call_result(const node& n, const function_entry& entry, const std::vector<type>& arguments);

  void expect_bool(node_id id);
  type report(code what, span at, std::string message, std::string hint = {});
  type report_kinds(const node& n, const type& a, const type& b);
  std::string shown(const node& n) const; // in quotes

  const syntax_tree& tree_;
  const type_scope& names_;
  std::vector<type> locals_;
  std::vector<problem> problems_;
};

/// What + - * / % of two types gives; nothing when no values of them can be calculated with.
std::optional<type> calculated(node_kind operation, const type& a, const type& b);
/// Whether values of two types may have an order, or be equal.
bool can_be_ordered(const type& a, const type& b);
bool can_be_equal(const type& a, const type& b);

} // namespace troupe::expression
