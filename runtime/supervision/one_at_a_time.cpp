#include "runtime/supervision/one_at_a_time.hpp"

#include <algorithm>
#include <utility>

namespace troupe::supervision {

one_at_a_time::one_at_a_time(std::vector<agent_id> suspects, milliseconds turn_wait)
    : turn_wait_(turn_wait) {
  for (agent_id& suspect : suspects)
    if (!holds(suspect))
      suspects_.push_back(std::move(suspect));
}

std::optional<agent_id> one_at_a_time::next(instant now) {
  if (running_ && now < running_->until)
    return std::nullopt;
  running_.reset();
  if (suspects_.empty())
    return std::nullopt;
  running_ = running{std::move(suspects_.front()), now + turn_wait_};
  suspects_.pop_front();
  return running_->agent;
}

void one_at_a_time::turn_ended(const agent_id& agent) {
  if (running_ && running_->agent == agent)
    running_.reset();
}

bool one_at_a_time::holds(const agent_id& agent) const {
  return std::find(suspects_.begin(), suspects_.end(), agent) != suspects_.end();
}

instant one_at_a_time::next_due() const {
  if (running_)
    return running_->until;
  return suspects_.empty() ? never : instant{};
}

} // namespace troupe::supervision
