#pragma once

#include "workflows/language/check/catalogue.hpp"
#include "workflows/language/read/draft.hpp"

namespace troupe::workflow {

/// Level 5: what a plan needs and this deployment has not: workflows, variables of the environment, secrets,
/// agents that a `decide` asks. Agents of steps are looked up where their arguments are checked.
void check_environment(const draft& of, const catalogue& known, reporter& to);

void check_model(const config::node& action, const predict_program& program, const catalogue& known,
                 reporter& to);

} // namespace troupe::workflow
