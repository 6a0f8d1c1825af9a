#pragma once

#include "config/expression/value.hpp"
#include "config/result.hpp"
#include "runtime/effects/outcome.hpp"

#include <string>

namespace troupe::workflow {

// Outcomes of what the run computes by itself.

/// Refused when it cannot be JSON or is larger than an expression may build.
outcome answer(const expression::value& v);
outcome invalid(std::string message);
outcome invalid(const error& why);

} // namespace troupe::workflow
