#pragma once

#include "config/document/document.hpp"
#include "workflows/plan/plan.hpp"

#include <memory>

namespace troupe::workflow {

/// A workflow file as a plan. Null when something is wrong with it; all findings go to `found`. Agents and
/// other workflows are not known here: deployment.hpp checks them together.
std::shared_ptr<const plan> parse_workflow(config::source in, config::diagnostics& found);

/// An agent file, likewise.
std::shared_ptr<const agent_plan> parse_agent(config::source in, config::diagnostics& found);

} // namespace troupe::workflow
