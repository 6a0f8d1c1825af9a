#pragma once

#include "runtime/base/json_fwd.hpp"

#include <string>
#include <vector>

namespace troupe::cli {

/// The parts of an agent as people read them.
std::string agent_text(const json& agent);
std::string state_text(const json& agent);
std::string why_text(const json& agent);
std::string mailbox_text(const std::vector<json>& mail);
std::string history_text(const std::vector<json>& events);

/// One event in one line: when, what, details, correlation.
std::string event_line(const json& event);

} // namespace troupe::cli
