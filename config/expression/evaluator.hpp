#pragma once

#include "config/expression/operation.hpp"

#include <vector>

namespace troupe::expression {

/// One evaluation of one tree.
class evaluator {
public:
  evaluator(const syntax_tree& tree, const scope& names, const evaluation& with);

  tl::expected<value, problem> run();

private:
  // Points to where a value is: into the scope, the tree, or the `spare` that the caller keeps alive.
  using located = tl::expected<const value*, refusal>;

  outcome evaluate(node_id id);
  outcome compute(const node& n);
  located locate(node_id id, value& spare);
  located locate_variable(const node& n, value& spare);
  located locate_field(const node& n, value& spare);
  located locate_index(const node& n, value& spare);
  located field_of(const node& n, const value& target);
  /// The field that the scope finds by itself; nothing when it does not.
  tl::expected<std::optional<const value*>, refusal> field_of_variable(const node& n);

  outcome has(const node& n);
  outcome either(const node& n, bool deciding);
  outcome coalesce(const node& n);
  outcome conditional(const node& n);
  outcome binary(const node& n);
  outcome call(const node& n);
  outcome list(const node& n);
  outcome map(const node& n);

  // macros.cpp
  struct elements;
  tl::expected<elements, refusal> range_of(const node& n, value& spare);
  outcome macro(const node& n);
  outcome all_or_any(const node& n, const elements& range, bool deciding);
  outcome exists_one(const node& n, const elements& range);
  outcome collect(const node& n, const elements& range);
  outcome condition(node_id id);

  tl::unexpected<refusal> no_field(const node& n, const value& target) const;
  tl::unexpected<refusal> no_item(const node& n, const value& target, const value& key) const;
  /// Gives a refusal its place, unless it has one.
  tl::unexpected<refusal> at(span where, refusal refused) const;

  const syntax_tree& tree_;
  const scope& names_;
  budget spent_;
  operation_context context_;
  std::vector<const value*> locals_;
  int tolerant_ = 0; // left of ??: nobody will read why something is absent
};

/// Whether `a ?? b` takes b.
bool is_absence(code c) noexcept;
/// Whether it ends an evaluation whatever stands around it.
bool is_final(code c) noexcept;

} // namespace troupe::expression
