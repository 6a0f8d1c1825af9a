#pragma once

#include "runtime/agent/fold_agent.hpp"
#include "runtime/agent/kind.hpp"
#include "workflows/run/catalog.hpp"

#include <memory>

namespace troupe::workflow {

/// Takes messages from outside for workflows that begin with them. A kind that `on.message` names and nobody
/// else provides is one of these; `workflow.events/KIND` stands for any kind, so that agents in C++ can say
/// something in their own name.
class event_router final : public fold_agent {
public:
  event_router(const agent_id& self, const catalog& known)
      : self_(self)
      , catalog_(known) {}

  void apply(const fold_record& record) override;
  std::vector<fold_command> decide(const fold_record& record) override;
  std::string snapshot() const override;
  std::uint32_t schema() const override { return 1; }
  result<void> restore(std::uint32_t schema, std::string_view snapshot) override;

private:
  agent_id self_;
  const catalog& catalog_;
  std::uint64_t messages_ = 0;
};

/// The kind of that name.
kind_spec event_kind(std::string name, std::shared_ptr<const catalog> known);

} // namespace troupe::workflow
