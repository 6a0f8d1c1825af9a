#pragma once

#include "cli/invocation.hpp"

#include <string>
#include <vector>

namespace troupe::cli {

std::string runs_table(const std::vector<json>& runs);

/// A list in the format that was asked for, and how many there are.
command_result print_listing(const invocation& run, const listing& shown, const std::string& noun,
                             std::string (*render)(const std::vector<json>&));

} // namespace troupe::cli
