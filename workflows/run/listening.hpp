#pragma once

#include "runtime/agent/fold_agent.hpp"
#include "workflows/run/catalog.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace troupe::workflow {

/// Something an agent said that a workflow may begin with.
struct said_event {
  std::string agent; // its kind
  std::string type;
  value body;
  std::string id; // the same event always has the same
  std::string tenant;
  instant at{};
};

/// What follows from it for each listener: a run, or a message to the agent that remembers what it has taken
/// (kind `workflow.message`). A trigger whose formulas make no sense of it is told in `problems`.
std::vector<fold_command> begin_listeners(const catalog& known, const said_event& what,
                                          std::vector<std::string>& problems);

/// The same for every `emit` among the commands of an agent's turn: appended to them.
void begin_listeners_of_emits(const catalog& known, const agent_id& by, const fold_record& because,
                              std::vector<fold_command>& commands);

} // namespace troupe::workflow
