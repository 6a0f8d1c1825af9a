#pragma once

#include "runtime/address/agent_id.hpp"
#include "runtime/effects/outcome.hpp"
#include "runtime/journal/rows.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace troupe {

/// What one node lets another know. Lost or late, nothing breaks: rows in the store say the same, and every
/// node sweeps for those.
struct peer_notice {
  enum class what : std::uint8_t { wanted = 0, mail = 1, settled = 2 };
  what kind = what::wanted;
  agent_id id;
  bool create = true;     // wanted, mail: control messages do not create
  std::uint32_t hops = 0; // nodes it has been at because an earlier one no longer owned the agent
  std::optional<journal::pending_row> row; // mail
  std::string task;                        // settled: whose effect came to what
  std::string effect;
  outcome answer;
};

/// The other nodes, as the runtime sees them. Any thread; nothing waits. A node alone has none.
class peers {
public:
  static constexpr std::uint64_t here = 0;
  static constexpr std::uint64_t nowhere = UINT64_MAX; // no node may run it now

  virtual ~peers() = default;

  /// Where an agent is, as far as this node has heard, or where it would be activated.
  virtual std::uint64_t home_of(const agent_id& id) = 0;
  /// The store says who owns it.
  virtual void learned(const agent_id& id, std::uint64_t owner) = 0;
  /// No effect of that node's can come to an end any more.
  virtual bool gone(std::uint64_t node) const = 0;

  virtual void tell(std::uint64_t node, peer_notice what) = 0;
};

} // namespace troupe
