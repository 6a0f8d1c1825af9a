#pragma once

#include "cli/serve/hosted_node.hpp"

namespace troupe::cli {

/// The composition root: SQLite under the data folder, or the PostgreSQL and the cluster around it that the
/// settings name, every kind linked into this program, the executors of outside effects, and the node around
/// them.
result<std::unique_ptr<hosted_node>> compose_node(const config::node_settings& settings,
                                                  const node_surroundings& around);

} // namespace troupe::cli
