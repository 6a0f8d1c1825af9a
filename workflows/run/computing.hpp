#pragma once

#include "runtime/effects/outcome.hpp"
#include "workflows/run/state.hpp"

#include <string>
#include <vector>

namespace troupe::workflow {

/// What a pure built-in step answers; asked again after a crash.
outcome compute_step(run_record& run, const std::string& command);

/// The computations without an answer.
std::vector<std::string> open_computations(const run_record& run);

} // namespace troupe::workflow
