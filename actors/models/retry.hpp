#pragma once

#include "runtime/base/time.hpp"
#include "runtime/effects/executor.hpp"

#include <optional>
#include <string_view>

namespace troupe::models {

/// How often and how soon a failed attempt is made again.
struct retry_policy {
  int attempts = 4; // the first included
  milliseconds initial{500};
  milliseconds most{20'000};
};

/// Exponential back-off with full jitter: anywhere from 0 to initial × 2^(failed - 1), capped. Spreading over
/// the whole range keeps many callers that failed together from coming back together.
milliseconds jittered_wait(const retry_policy& policy, int failed, random_source& random);

/// The wait a `Retry-After` header asks for, in seconds or as an HTTP date; nothing if it says neither.
std::optional<milliseconds> parse_retry_after(std::string_view text, instant now);

/// Waits between attempts, on a worker thread.
class waiter {
public:
  virtual ~waiter() = default;
  /// False if canceled before the time was up; wakes soon after a cancel.
  virtual bool wait(milliseconds duration, const cancel_token& canceled) = 0;
};

} // namespace troupe::models
