#pragma once

#include "config/result.hpp"
#include "workflows/plan/plan.hpp"

#include <string>

namespace troupe::workflow {

/// A file of tests with one test: what agents answered, what people said and which signals came in a run,
/// and how it ended. `view` is what GET /v1/runs/{id} answers. Earlier tries of a step are not in it: the
/// test has the last answer. refused: the run is still open.
result<std::string> record_test(const plan& of, const std::string& view);

} // namespace troupe::workflow
