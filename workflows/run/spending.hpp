#pragma once

#include "runtime/effects/outcome.hpp"
#include "workflows/run/state.hpp"

namespace troupe::workflow {

/// Adds what an answer says it cost (its `meta`) to the run.
void add_spending(run_record& run, const outcome& answer);

} // namespace troupe::workflow
