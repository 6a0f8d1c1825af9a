#pragma once

#include "cli/client/node_client.hpp"
#include "runtime/base/json_fwd.hpp"

#include <string>

namespace troupe::cli {

/// Whom an agent waits for, and whom those wait for: {id, state, waits: [{what, on, agent?}], loop?}. Ends at
/// an agent seen before on the way: that is a loop of waits, and is marked as one.
result<json> read_wait_tree(node_client& node, const std::string& agent);
std::string wait_tree_text(const json& tree);

} // namespace troupe::cli
