#pragma once

#include "runtime/journal/shared_store.hpp"

#include <map>
#include <string>
#include <vector>

namespace troupe::cluster {

using node_epoch = std::uint64_t; // one opening of the store by one node; 0 is nobody

struct vote {
  node_epoch by = 0;
  instant at{}; // by the store's clock
  bool operator==(const vote&) const = default;
};

/// A member as the others see it.
struct member {
  node_epoch epoch = 0;
  std::uint64_t version = 0;
  journal::member_state state = journal::member_state::up;
  std::string node; // kept over restarts
  instant lease_until{};

  std::string address; // host:port of its links
  std::string door;    // URL of its HTTP door; empty: none
  std::string build;
  std::uint32_t weight = 1;
  std::map<std::string, std::string> labels;
  std::vector<std::string> kinds;
  std::vector<vote> votes; // that it is dead
  std::string reason;
  instant since{};

  bool lives() const noexcept { return journal::lives(state); }
};

journal::member_row to_row(const member& m);
/// A body nobody can read makes a member without address or labels: it is there all the same.
member from_row(const journal::member_row& row);

} // namespace troupe::cluster
