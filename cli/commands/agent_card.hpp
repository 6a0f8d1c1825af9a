#pragma once

#include "cli/console/printer.hpp"
#include "cli/exit_code.hpp"
#include "runtime/base/json_fwd.hpp"

namespace troupe::cli {

/// One agent in one line, or as JSON: what spawn, stop and restart answer.
command_result print_agent(printer print, const json& agent);

} // namespace troupe::cli
