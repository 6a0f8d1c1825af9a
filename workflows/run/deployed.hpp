#pragma once

#include "workflows/run/catalog.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace troupe::workflow {

/// What a node runs now. Deploying swaps all of it at once; runs in flight keep what they pinned.
class deployed_catalog final : public catalog {
public:
  /// `env`: what expressions may read of the environment, as a map.
  explicit deployed_catalog(value env = {});

  /// Before the node runs.
  void keep_secrets_with(secret_references references) { references_ = std::move(references); }

  void deploy(std::vector<std::shared_ptr<const plan>> workflows,
              std::vector<std::shared_ptr<const agent_plan>> agents = {});

  std::shared_ptr<const pinned_plan> find_workflow(std::string_view name) const override;
  result<kept_plan> read(const std::string& key, const std::string& text) const override;
  std::string secret_reference(std::string_view name, std::string_view bound_to) const override {
    return references_ ? references_(name, bound_to) : std::string();
  }
  std::shared_ptr<const pinned_agent> find_agent(std::string_view kind) const override;
  result<kept_agent> read_agent(const std::string& key, const std::string& text) const override;
  std::vector<message_listener> listeners(std::string_view agent, std::string_view type) const override;
  std::vector<std::shared_ptr<const pinned_plan>> workflows() const;
  std::vector<std::shared_ptr<const pinned_agent>> agents() const;

private:
  struct deployed {
    std::map<std::string, std::shared_ptr<const pinned_plan>, std::less<>> workflows;
    std::map<std::string, std::shared_ptr<const pinned_agent>, std::less<>> agents;
    std::map<std::pair<std::string, std::string>, std::vector<message_listener>> listeners;
  };

  value env_;
  secret_references references_;
  std::atomic<std::shared_ptr<const deployed>> now_;
  mutable std::mutex guard_; // of what follows: a definition is parsed once per process
  mutable std::map<std::string, kept_plan> read_;
  mutable std::map<std::string, kept_agent> read_agents_;
};

} // namespace troupe::workflow
