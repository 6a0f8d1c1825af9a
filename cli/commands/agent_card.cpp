#include "cli/commands/agent_card.hpp"

#include "cli/console/values.hpp"

#include <nlohmann/json.hpp>

namespace troupe::cli {

command_result print_agent(printer print, const json& agent) {
  if (!print.is_text()) {
    print.document(agent);
    return exit_code::done;
  }
  const auto state = cell(agent, "state");
  const auto reason = cell(agent, "reason");
  print.text(cell(agent, "id") + "  " + print.painted(state, ink_of_state(state)) +
             (reason.empty() ? "" : "  (" + reason + ")") + "\n");
  return exit_code::done;
}

} // namespace troupe::cli
