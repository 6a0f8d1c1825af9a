#pragma once

#include "workflows/plan/plan.hpp"
#include "workflows/plan/schema.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::time_zone {
class zone_source;
}

namespace troupe::workflow {

/// What is known about one action before it runs.
struct action_signature {
  std::shared_ptr<const schema> input;  // null: anything
  std::shared_ptr<const schema> output; // null: not known
  bool requires_approval = false;
};

struct agent_signature {
  std::map<std::string, action_signature, std::less<>> actions;
  bool open = false; // written in C++: it may know other actions
  std::optional<std::int64_t> version;
};

struct workflow_signature {
  std::shared_ptr<const schema> input;
};

/// The surroundings that files are checked against. What is absent is not checked.
struct catalogue {
  std::map<std::string, agent_signature, std::less<>> agents;
  bool agents_complete = false; // an agent that is not here does not exist
  std::map<std::string, workflow_signature, std::less<>> workflows;
  bool workflows_complete = false;
  bool tested_complete = false; // a workflow that tests are of and that is not here does not exist
  std::optional<std::set<std::string, std::less<>>> models;      // segments of the model policy
  std::optional<std::set<std::string, std::less<>>> environment; // names that `env` may read
  std::optional<std::set<std::string, std::less<>>> secrets;
  std::shared_ptr<const time_zone::zone_source> zones;

  const agent_signature* agent(std::string_view name) const;
  const action_signature* action(std::string_view agent, std::string_view action) const;
  void add(const agent_plan& from);
  void add(const plan& from);
};

/// A catalogue with the agents that are always there: http, mail, transform, …
const catalogue& built_in();

} // namespace troupe::workflow
