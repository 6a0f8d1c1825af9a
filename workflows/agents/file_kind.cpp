#include "workflows/agents/file_kind.hpp"

#include "workflows/agents/file_agent.hpp"

namespace troupe::workflow {

kind_spec file_kind(const agent_plan& file, std::shared_ptr<const catalog> known) {
  auto make = [known = std::move(known)](const agent_id& self) -> std::unique_ptr<fold_agent> {
    return std::make_unique<file_agent>(self, *known);
  };
  return kind(file.name).folded(std::move(make)).mailbox(file.mailbox_max).spec();
}

} // namespace troupe::workflow
