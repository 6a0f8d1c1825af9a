#pragma once

#include <functional>
#include <string_view>

namespace troupe {

/// Marks a place where a crash would be interesting: before and after every durable step. Inert unless armed.
void fault_point(std::string_view name);

/// Test-only: called at every fault point of this process with its name. Not thread-safe against running
/// points: arm before anything runs.
void arm_fault_points(std::function<void(std::string_view)> at_point);

} // namespace troupe
