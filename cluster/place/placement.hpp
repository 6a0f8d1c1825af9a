#pragma once

#include "cluster/member/member.hpp"
#include "runtime/address/agent_id.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace troupe::cluster {

/// Where an agent may or would rather run.
struct wish {
  std::string pin;                           // this node alone
  std::map<std::string, std::string> labels; // all of them
  std::optional<agent_id> near;              // where this agent is, if that node is allowed
  std::optional<agent_id> apart;             // not where this agent is, if another node is allowed
};

struct placed {
  node_epoch node = 0; // 0: nowhere
  std::string why_not; // then: what would have to change
};

/// The node for a new activation: weighted rendezvous hashing over the nodes that are allowed, so that a node
/// that comes or goes moves only what is its own. `where` answers 0 for agents nobody knows of.
placed place(const agent_id& id, const wish& wanted, const std::map<node_epoch, member>& members,
             const std::function<node_epoch(const agent_id&)>& where);

} // namespace troupe::cluster
