#pragma once

#include "cli/console/printer.hpp"
#include "runtime/base/json_fwd.hpp"
#include "runtime/base/time.hpp"

#include <string>
#include <vector>

namespace troupe::cli {

std::string agents_table(const std::vector<json>& agents, const printer& print);
std::string nodes_table(const std::vector<json>& nodes, const printer& print);

/// Failed, or a wait of its tasks began more than a minute before `now`.
bool is_stuck(const json& agent, instant now);

} // namespace troupe::cli
