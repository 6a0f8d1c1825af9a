#pragma once

#include "kernels/base/result.hpp"
#include "kernels/grammar/automaton.hpp"
#include "kernels/grammar/node_table.hpp"

namespace troupe::kernels::grammar {

/// Union, intersection and complement of shapes. What lies within arrays and objects is only named by nodes,
/// so none of this looks into a schema.
class shape_algebra {
public:
  shape_algebra(term_pool& terms, node_table& nodes)
      : terms_(terms)
      , nodes_(nodes) {}

  shape united(shape a, const shape& b);
  result<shape> intersected(const shape& a, const shape& b);
  /// `refused` for what has no complement here: unique items.
  result<shape> complement(const shape& of);

  array_shape intersected(const array_shape& a, const array_shape& b);
  object_shape intersected(object_shape a, const object_shape& b);

private:
  result<std::vector<array_shape>> complement(const array_shape& of);
  std::vector<object_shape> complement(const object_shape& of);
  void complement_rules(const member_rules& rules, std::vector<object_shape>& others);
  term_id literal(const std::string& text);

  term_pool& terms_;
  node_table& nodes_;
};

/// The only member by that name, with that rule, and the rest free.
object_shape with_rule(const std::string& name, node_id node);

} // namespace troupe::kernels::grammar
