#pragma once

#include "workflows/plan/plan.hpp"

#include <string>

namespace troupe::workflow {

/// The place below another: iterations add nothing to it.
std::string place_below(const std::string& place, const std::string& segment);

/// Where a step stands in its plan: a path as runs have it, without iterations.
std::string place_of(const step& s);

/// "rounds[2]/reply" is "rounds/reply". Keys of iterations may hold anything: brackets are counted.
std::string without_iterations(const std::string& path);

/// The step of a path of a run; null: the plan has none there.
const step* step_at(const plan& of, const std::string& path);

} // namespace troupe::workflow
