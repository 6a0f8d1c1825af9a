#pragma once

#include "config/expression/scope.hpp"
#include "config/expression/value.hpp"
#include "runtime/effects/outcome.hpp"
#include "workflows/plan/plan.hpp"

namespace troupe::workflow {

/// What a table says: {score, reasons, confidence}, or {choice, …} in mode `first`. `names` answers what the
/// rules read: `input` in an agent file, `facts` in decision.evaluate. A rule that asks for something absent
/// does not fire and lowers the confidence; any other mistake in a rule is the whole table's.
result<expression::value> judge(const decision_table& table, const expression::scope& names);

/// A table as a value: {mode, rules: [{when, add or choose, reason}]}. `when` is an expression as text, with
/// `${{ }}` around it or without, or a truth value that somebody has worked out before.
result<decision_table> read_decision_table(const expression::value& from);

/// decision.evaluate: {table, facts}.
outcome evaluate_decision(const expression::value& with);

} // namespace troupe::workflow
