#pragma once

#include "config/limits.hpp"
#include "runtime/address/agent_id.hpp"
#include "runtime/base/time.hpp"

#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

namespace troupe::supervision {

/// After an unclean end, the agents whose turns were running come back one at a time, so that the next fatal
/// signal has one suspect. Everybody else starts as usual.
class one_at_a_time {
public:
  explicit one_at_a_time(std::vector<agent_id> suspects,
                         milliseconds turn_wait = troupe::limits::suspect_turn_wait);

  /// The suspect to activate now; none while another one's turn is awaited or nobody is left.
  std::optional<agent_id> next(instant now);

  /// The first turn of the agent since `next` named it has ended, or it needs none. Others are ignored.
  void turn_ended(const agent_id& agent);

  /// Still to come: mail may not activate it yet.
  bool holds(const agent_id& agent) const;

  /// When `next` gives up waiting for the turn of the suspect it named last.
  instant next_due() const;
  bool done() const noexcept { return suspects_.empty() && !running_; }

private:
  struct running {
    agent_id agent;
    instant until;
  };

  std::deque<agent_id> suspects_;
  milliseconds turn_wait_;
  std::optional<running> running_;
};

} // namespace troupe::supervision
