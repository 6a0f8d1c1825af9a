#pragma once

#include "workflows/plan/plan.hpp"

#include <memory>

namespace troupe::workflow {

/// A `predict` action as a plan of one step: the effect model.predict on the action's segment.
std::shared_ptr<const plan> predict_plan(const agent_plan& file, const action& what);

} // namespace troupe::workflow
