#include "runtime/supervision/restart_window.hpp"

#include <algorithm>

namespace troupe::supervision {

namespace {

/// Doubling more often than this only meets the bound again, and shifting further would overflow.
constexpr std::uint32_t doublings_max = 27; // 1 ms doubled 27 times is more than a day

} // namespace

bool restart_window::admit(instant now) {
  while (!restarts_.empty() && now - restarts_.front() >= within_)
    restarts_.pop_front();
  if (restarts_.size() >= most_)
    return false;
  restarts_.push_back(now);
  return true;
}

std::size_t restart_window::count(instant now) const {
  auto recent = [&](instant at) { return now - at < within_; };
  return static_cast<std::size_t>(std::count_if(restarts_.begin(), restarts_.end(), recent));
}

milliseconds backoff::bound() const {
  const std::int64_t factor = std::int64_t{1} << std::min(attempts_, doublings_max);
  return std::min(longest_, initial_ * factor);
}

milliseconds backoff::next(instant now, random_source& random) {
  if (attempts_ > 0 && now - last_due_ >= quiet_)
    attempts_ = 0;
  const auto choices = static_cast<std::uint64_t>(bound().count()) + 1;
  const milliseconds pause(static_cast<std::int64_t>(random.next() % choices));
  ++attempts_;
  last_due_ = now + pause;
  return pause;
}

} // namespace troupe::supervision
