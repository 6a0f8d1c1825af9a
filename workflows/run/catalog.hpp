#pragma once

#include "config/result.hpp"
#include "workflows/run/state.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::workflow {

/// A definition as runs keep it: everything that decides their course, under its hash.
struct pinned_plan {
  std::string key;
  std::string text; // {"definition", "env"}
  std::shared_ptr<const plan> made;
};

/// The same for the file of an agent.
struct pinned_agent {
  std::string key;
  std::string text;
  std::shared_ptr<const agent_plan> made;
};
struct kept_agent {
  std::shared_ptr<const agent_plan> made;
  value env;
};

/// What stands for a secret in the journal of an agent (its address): runtime/secrets.
using secret_references = std::function<std::string(std::string_view name, std::string_view bound_to)>;

/// A workflow that begins when an agent says something.
struct message_listener {
  std::shared_ptr<const pinned_plan> workflow;
  std::size_t trigger = 0; // which of its `on.message`
};

/// What this node knows to run. Asked from any thread.
class catalog {
public:
  virtual ~catalog() = default;
  /// The workflow as it is deployed now; null: there is none of that name.
  virtual std::shared_ptr<const pinned_plan> find_workflow(std::string_view name) const = 0;
  /// A definition that a run has kept. Plans are shared by all runs with the same key.
  virtual result<kept_plan> read(const std::string& key, const std::string& text) const = 0;
  virtual std::string secret_reference(std::string_view name, std::string_view bound_to) const = 0;
  /// Likewise for agents made of files.
  virtual std::shared_ptr<const pinned_agent> find_agent(std::string_view kind) const = 0;
  virtual result<kept_agent> read_agent(const std::string& key, const std::string& text) const = 0;
  /// Who listens to messages of that type from agents of that kind.
  virtual std::vector<message_listener> listeners(std::string_view agent, std::string_view type) const {
    (void)agent, (void)type; // a catalog without triggers
    return {};
  }
};

} // namespace troupe::workflow
