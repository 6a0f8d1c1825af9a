#include "cluster/place/directory.hpp"

namespace troupe::cluster {

void directory::learned(const agent_id& id, node_epoch at) {
  if (hints_.insert_or_assign(id.addr(), at).second)
    order_.push_back(id.addr());
  while (order_.size() > most_) {
    hints_.erase(order_.front());
    order_.pop_front();
  }
}

void directory::forget_node(node_epoch gone) {
  std::erase_if(hints_, [gone](const auto& h) { return h.second == gone; });
}

node_epoch directory::hint(const agent_id& id) const {
  auto found = hints_.find(id.addr());
  return found == hints_.end() ? 0 : found->second;
}

} // namespace troupe::cluster
