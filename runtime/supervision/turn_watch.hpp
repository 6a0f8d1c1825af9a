#pragma once

#include "runtime/address/agent_id.hpp"
#include "runtime/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace troupe::supervision {

/// A turn that has run longer than its limit.
struct overdue_turn {
  std::uint64_t turn = 0;
  agent_id agent;
  std::string subject; // what its crash is counted against
  instant since{};
};

/// Which turns run, since when, and which of them take too long. One thread at a time.
class turn_watch {
public:
  explicit turn_watch(milliseconds limit)
      : limit_(limit) {}

  /// `turn` is the caller's number for it, free until `end`.
  void begin(std::uint64_t turn, agent_id agent, std::string subject, instant now);
  /// False: no such turn is running.
  bool end(std::uint64_t turn);

  /// Turns that became overdue since the last call, oldest first: each is named once, so each counts once.
  std::vector<overdue_turn> overdue(instant now);
  /// All that are overdue now, named before or not: a node with any is unhealthy.
  std::vector<overdue_turn> stuck(instant now) const;

  /// When the next turn becomes overdue.
  instant next_due() const;
  std::size_t running() const noexcept { return running_.size(); }

private:
  struct open_turn {
    overdue_turn what;
    bool named = false;
  };

  milliseconds limit_;
  std::map<std::uint64_t, open_turn> running_; // at most one per worker: walking them is cheap
};

} // namespace troupe::supervision
