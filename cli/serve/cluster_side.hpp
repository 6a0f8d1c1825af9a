#pragma once

#include "cluster/node/clustered_node.hpp"
#include "config/settings/node_settings.hpp"
#include "gateway/log/log.hpp"
#include "runtime/agent/kind.hpp"

#include <memory>

namespace troupe::cli {

/// A node's part in a cluster, between the store it shares and the agents it runs.
struct cluster_side {
  std::unique_ptr<cluster::system_cluster> all;
  std::unique_ptr<cluster::clustered_node> door; // once there are agents to run
};

/// Joins as a member; the node that runs the agents is attached later.
result<cluster_side> join_cluster(const config::node_settings& settings, const kind_registry& kinds,
                                  journal::shared_store& store, const gateway::service_logger& log);

} // namespace troupe::cli
