#pragma once

#include "cluster/place/placement.hpp"

#include <cstddef>
#include <deque>
#include <unordered_map>

namespace troupe::cluster {

/// Where agents are, as far as this node has heard: hints, the agent's row is the truth. Bounded; the oldest
/// hints go first.
class directory {
public:
  explicit directory(std::size_t most)
      : most_(most) {}

  void learned(const agent_id& id, node_epoch at);
  void forget(const agent_id& id) { hints_.erase(id.addr()); }
  /// Nothing the dead node owned is there any more.
  void forget_node(node_epoch gone);
  /// 0: nothing heard.
  node_epoch hint(const agent_id& id) const;
  std::size_t size() const noexcept { return hints_.size(); }

private:
  std::size_t most_;
  std::unordered_map<address, node_epoch> hints_;
  std::deque<address> order_; // as learned; may name some twice or in vain
};

} // namespace troupe::cluster
