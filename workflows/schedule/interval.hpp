#pragma once

#include "config/result.hpp"
#include "runtime/base/time.hpp"

#include <optional>

namespace troupe::workflow {

/// `every: 15m`: instants at equal distances, counted from an anchor, so that restarts do not shift them.
class interval {
public:
  /// Refuses what is shorter than limits::schedule_interval_min.
  static result<interval> make(milliseconds every, instant anchor);

  /// The first one after `after`, the anchor the earliest; nothing beyond the end of time.
  std::optional<instant> next(instant after) const noexcept;

  milliseconds every() const noexcept { return every_; }

private:
  interval(milliseconds every, instant anchor) noexcept
      : every_(every)
      , anchor_(anchor) {}

  milliseconds every_;
  instant anchor_;
};

} // namespace troupe::workflow
