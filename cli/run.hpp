#pragma once

#include "cli/surroundings.hpp"

#include <string>
#include <vector>

namespace troupe::cli {

/// Runs `troupe ARGUMENTS...` and returns what the shell is told.
int run(const std::vector<std::string>& arguments, surroundings& around);

} // namespace troupe::cli
