#pragma once

#include "config/result.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace troupe::expression {
class value;
class scope;
class template_text;
} // namespace troupe::expression

namespace troupe::workflow {

struct formula_node;

/// A value as a file gives it: a literal, a text with expressions in it, or lists and maps of these.
/// Immutable and cheap to copy. A value that is one `${{ e }}` keeps e's type.
class formula {
public:
  formula() = default; // absent
  static formula literal(expression::value v);
  static formula text(expression::template_text t);
  static formula list(std::vector<formula> items);
  static formula map(std::vector<std::pair<std::string, formula>> entries);

  bool absent() const noexcept { return node_ == nullptr; }

  /// What it stands for, if nothing in it is computed; else null.
  const expression::value* constant() const noexcept;

  /// `scope` answers the roots: input, steps, vars … An absent formula is null.
  result<expression::value> evaluate(const expression::scope& scope) const;

  // What it is made of when something in it is computed: the one that it is, else null.
  const expression::template_text* computed_text() const noexcept;
  const std::vector<formula>* computed_list() const noexcept;
  const std::vector<std::pair<std::string, formula>>* computed_map() const noexcept;

  /// Every text in it that holds an expression.
  void each_text(const std::function<void(const expression::template_text&)>& visit) const;

private:
  explicit formula(std::shared_ptr<const formula_node> node);
  std::shared_ptr<const formula_node> node_;
};

} // namespace troupe::workflow
