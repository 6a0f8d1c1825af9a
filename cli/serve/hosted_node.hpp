#pragma once

#include "actors/models/native/services.hpp"
#include "cli/serve/workflow_files.hpp"
#include "cli/test_switches.hpp"
#include "config/result.hpp"
#include "config/settings/node_settings.hpp"
#include "gateway/api/approval_link.hpp"
#include "gateway/log/log.hpp"
#include "gateway/metrics/metric_sink.hpp"
#include "runtime/door/node_api.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>

namespace troupe::cli {

/// A node running in this process. Destroying it ends it at once.
class hosted_node {
public:
  virtual ~hosted_node() = default;
  virtual node_api& api() = 0;
  /// Null: it runs no workflows.
  virtual std::shared_ptr<workflow::deployed_catalog> workflows() { return nullptr; }
  /// Null: it runs no models of its own.
  virtual std::shared_ptr<const models::native_services> models() { return nullptr; }
  /// Lets the schedules of its workflows begin: a node that only lives for one command does not.
  virtual result<void> begin_schedules() { return {}; }
  /// Reads the folders of workflows and agents again; waits for the store.
  virtual result<deployment_change> reload_workflows() {
    return fail(fault::conflict, "this node runs no workflows");
  }
  /// Signs links to decide by; null: it gives none.
  virtual std::shared_ptr<const gateway::link_signer> links() { return nullptr; }
  /// Takes no more work, lets running turns commit; returns then, or when `limit` has passed.
  virtual void drain(std::chrono::milliseconds limit) = 0;
};

/// What a node may use of the process around it.
struct node_surroundings {
  gateway::log_book log;
  std::shared_ptr<gateway::metric_sink> metrics;
  test_switches tests = {};
  std::map<std::string, std::string> environment =
      {}; // of which workflows.env names what expressions may read
};

/// Builds a node from its settings: conflict when another process owns the data folder, corrupt when the
/// store is damaged, each with a hint.
using node_factory = std::function<result<std::unique_ptr<hosted_node>>(const config::node_settings&,
                                                                        const node_surroundings&)>;

} // namespace troupe::cli
