#include "workflows/schedule/interval.hpp"

#include "config/limits.hpp"
#include "config/settings/units.hpp"

namespace troupe::workflow {

result<interval> interval::make(milliseconds every, instant anchor) {
  if (every < limits::schedule_interval_min)
    return fail(fault::invalid,
                "a schedule comes at most every " + config::format_duration(limits::schedule_interval_min),
                "a loop with a wait inside one run can go faster");
  return interval(every, anchor);
}

std::optional<instant> interval::next(instant after) const noexcept {
  if (after < anchor_)
    return anchor_;
  std::int64_t passed = 0;
  if (__builtin_sub_overflow(to_ms(after), to_ms(anchor_), &passed))
    return std::nullopt;
  const milliseconds within(passed % every_.count());
  const instant found = later(after, every_ - within);
  return found == never ? std::nullopt : std::optional(found);
}

} // namespace troupe::workflow
