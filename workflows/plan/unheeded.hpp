#pragma once

#include "workflows/plan/plan.hpp"

#include <string>
#include <vector>

namespace troupe::workflow {

/// What a definition says that this build reads and checks and does not act on, by its name in the file:
/// whoever deploys it is told, for silence would be a promise.
std::vector<std::string> unheeded_parts(const plan& of);

} // namespace troupe::workflow
