#include "workflows/run/run_kind.hpp"

#include "workflows/run/run_agent.hpp"

namespace troupe::workflow {

kind_spec run_kind(std::shared_ptr<const catalog> known) {
  auto make = [known = std::move(known)](const agent_id& self) -> std::unique_ptr<fold_agent> {
    return std::make_unique<run_agent>(self, *known);
  };
  return kind("workflow").folded(std::move(make)).spec();
}

} // namespace troupe::workflow
