#pragma once

#include "config/settings/node_settings.hpp"
#include "runtime/agent/kind.hpp"
#include "workflows/run/deployed.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace troupe::cli {

/// What reading the folders again brought: names.
struct deployment_change {
  std::vector<std::string> added;
  std::vector<std::string> changed;
  std::vector<std::string> removed;
};

/// The workflows and agents of a node's folders, checked together with the kinds it has in C++. All that runs
/// them is registered with `kinds`, also what a later reading brings.
class workflow_files {
public:
  /// invalid: some file is wrong; the message holds all findings.
  static result<std::unique_ptr<workflow_files>> open(config::node_settings::workflow_settings from,
                                                      const std::map<std::string, std::string>& environment,
                                                      kind_registry kinds);

  const std::shared_ptr<workflow::deployed_catalog>& catalog() const noexcept { return catalog_; }

  /// Reads the folders again and puts all of it in place at once. A mistake in any file changes nothing. Runs
  /// keep what they began with. Any thread.
  result<deployment_change> reload();

private:
  workflow_files(config::node_settings::workflow_settings from,
                 std::shared_ptr<workflow::deployed_catalog> catalog, kind_registry kinds);

  result<void> register_kinds();
  result<deployment_change> deploy();
  result<void> add_kind(kind_spec spec);

  config::node_settings::workflow_settings from_;
  std::shared_ptr<workflow::deployed_catalog> catalog_;
  kind_registry kinds_;
  std::set<std::string> in_program_;          // kinds that no file may take the name of
  std::map<std::string, std::string> hashes_; // of what is deployed, by "workflow NAME" or "agent NAME"
  std::mutex guard_;
};

} // namespace troupe::cli
