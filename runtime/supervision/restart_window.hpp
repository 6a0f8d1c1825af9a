#pragma once

#include "runtime/base/time.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>

namespace troupe::supervision {

/// Restarts of the last `within`: never more than `most` in any window of that length.
class restart_window {
public:
  restart_window(std::uint32_t most, milliseconds within)
      : most_(most)
      , within_(within) {}

  /// Counts a restart. False: it would be one too many, and is not counted.
  bool admit(instant now);
  std::size_t count(instant now) const;
  void clear() { restarts_.clear(); }

private:
  std::uint32_t most_;
  milliseconds within_;
  std::deque<instant> restarts_;
};

/// Pauses before restarts: exponential with full jitter, so that children which fell together do not come
/// back together. Starts over after a quiet time.
class backoff {
public:
  backoff(milliseconds initial, milliseconds longest, milliseconds quiet)
      : initial_(initial)
      , longest_(longest)
      , quiet_(quiet) {}

  /// The pause before the restart that is decided now: evenly between nothing and the bound of this attempt.
  milliseconds next(instant now, random_source& random);
  void reset() { attempts_ = 0; }

private:
  milliseconds bound() const;

  milliseconds initial_;
  milliseconds longest_;
  milliseconds quiet_;
  std::uint32_t attempts_ = 0;
  instant last_due_{}; // of the last restart: the quiet time begins when the child runs again
};

} // namespace troupe::supervision
