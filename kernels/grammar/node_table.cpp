#include "kernels/grammar/node_table.hpp"

#include <algorithm>

namespace troupe::kernels::grammar {

node_table::node_table() {
  put({});
  put({requirement{nullptr, any_value, true}}); // not any value
}

node_id node_table::put(std::vector<requirement> asks) {
  if (const auto known = ids_.find(asks); known != ids_.end())
    return known->second;
  const auto id = static_cast<node_id>(asks_.size());
  ids_.emplace(asks, id);
  asks_.push_back(std::move(asks));
  return id;
}

node_id node_table::of(requirement one) { return put({one}); }

node_id node_table::joined(node_id a, node_id b) {
  if (a == no_value || b == no_value)
    return no_value;
  if (a == any_value || a == b)
    return b;
  if (b == any_value)
    return a;
  std::vector<requirement> asks;
  std::set_union(asks_[a].begin(), asks_[a].end(), asks_[b].begin(), asks_[b].end(),
                 std::back_inserter(asks));
  for (auto one : asks) {
    one.negated = !one.negated;
    if (std::binary_search(asks.begin(), asks.end(), one))
      return no_value;
  }
  return put(std::move(asks));
}

node_id node_table::negated(node_id of) {
  if (of == any_value || of == no_value)
    return of == any_value ? no_value : any_value;
  if (asks_[of].size() > 1)
    return this->of({nullptr, of, true});
  auto one = asks_[of].front();
  if (one.schema == nullptr && one.negated)
    return one.node;
  one.negated = !one.negated;
  return this->of(one);
}

} // namespace troupe::kernels::grammar
