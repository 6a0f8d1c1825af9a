#include "actors/models/system_waiter.hpp"

#include "actors/models/limits.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

namespace troupe::models {

bool system_waiter::wait(milliseconds duration, const cancel_token& canceled) {
  using clock = std::chrono::steady_clock;
  const auto end = clock::now() + duration;
  for (auto now = clock::now(); now < end; now = clock::now()) {
    if (canceled.canceled())
      return false;
    std::this_thread::sleep_for(std::min<clock::duration>(end - now, limits::cancel_poll));
  }
  return !canceled.canceled();
}

} // namespace troupe::models
