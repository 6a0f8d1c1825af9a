#pragma once

#include "workflows/language/grammar/shape.hpp"

namespace troupe::workflow::grammar {

/// The keys of a workflow file, an agent file, one action of an agent.
extern const shape workflow_file;
extern const shape agent_file;
extern const shape agent_action;

} // namespace troupe::workflow::grammar
