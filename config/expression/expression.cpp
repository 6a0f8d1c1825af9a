#include "config/expression/expression.hpp"

#include "config/expression/checker.hpp"
#include "config/expression/evaluator.hpp"
#include "config/expression/references.hpp"
#include "config/limits.hpp"

namespace troupe::expression {

evaluation_limits::evaluation_limits() noexcept
    : steps(limits::expression_steps_max)
    , weight(limits::expression_weight_max) {}

expression::expression(std::shared_ptr<const syntax_tree> tree) noexcept
    : tree_(std::move(tree)) {}

tl::expected<expression, problem> expression::parse(std::string_view text) {
  auto read = troupe::expression::parse(text);
  if (!read)
    return tl::unexpected(std::move(read.error()));
  return expression(std::make_shared<const syntax_tree>(*std::move(read)));
}

checked expression::check(const type_scope& names) const { return checker(*tree_, names).run(); }

tl::expected<value, problem> expression::evaluate(const scope& names, const evaluation& with) const {
  return evaluator(*tree_, names, with).run();
}

std::vector<reference> expression::references() const { return references_of(*tree_); }

const std::string& expression::text() const noexcept { return tree_->text; }

} // namespace troupe::expression
