#pragma once

#include "cli/invocation.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace troupe::cli {

/// Tells a run's steps as they end, one line each, until the run is over, waits for a person, is stuck, or
/// `limit` has passed; then prints its output.
command_result follow_run(const invocation& run, node_client& node, const std::string& id,
                          std::optional<std::chrono::milliseconds> limit);

} // namespace troupe::cli
