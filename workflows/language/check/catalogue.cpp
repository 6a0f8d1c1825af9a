#include "workflows/language/check/catalogue.hpp"

namespace troupe::workflow {

const agent_signature* catalogue::agent(std::string_view name) const {
  const auto found = agents.find(name);
  return found == agents.end() ? nullptr : &found->second;
}

const action_signature* catalogue::action(std::string_view agent_name, std::string_view action_name) const {
  const agent_signature* known = agent(agent_name);
  if (known == nullptr)
    return nullptr;
  const auto found = known->actions.find(action_name);
  return found == known->actions.end() ? nullptr : &found->second;
}

void catalogue::add(const agent_plan& from) {
  agent_signature made;
  made.version = from.version;
  for (const auto& [name, what] : from.actions)
    made.actions.emplace(name, action_signature{what.input, what.output, what.requires_approval});
  agents.insert_or_assign(from.name, std::move(made));
}

void catalogue::add(const plan& from) {
  workflows.insert_or_assign(from.name, workflow_signature{from.input});
}

} // namespace troupe::workflow
