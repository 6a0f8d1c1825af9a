#pragma once

#include "kernels/grammar/shape.hpp"

#include <map>
#include <nlohmann/json_fwd.hpp>

namespace troupe::kernels::grammar {

/// One thing that a node asks for: that a value fits a schema, or is in another node; or that it is not.
struct requirement {
  const nlohmann::json* schema = nullptr; // or else:
  node_id node = any_value;
  bool negated = false;
  auto operator<=>(const requirement&) const = default;
};

/// Nodes by number, each as the sorted list of what it asks for, every one of it.
class node_table {
public:
  static constexpr std::size_t nodes_max = 40'000;

  node_table();

  node_id of(requirement one);
  node_id joined(node_id a, node_id b);
  node_id negated(node_id of);
  const std::vector<requirement>& asks(node_id id) const { return asks_[id]; }
  std::size_t size() const noexcept { return asks_.size(); }
  bool full() const noexcept { return asks_.size() > nodes_max; }

private:
  node_id put(std::vector<requirement> asks);

  std::vector<std::vector<requirement>> asks_;
  std::map<std::vector<requirement>, node_id> ids_;
};

} // namespace troupe::kernels::grammar
