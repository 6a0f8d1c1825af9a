#include "runtime/supervision/supervision_policy.hpp"

#include "runtime/supervision/limits.hpp"

#include <algorithm>
#include <string>

namespace troupe::supervision {

namespace {

std::string in_ms(milliseconds span) { return std::to_string(span.count()) + " ms"; }

} // namespace

std::string_view to_string(strategy s) noexcept {
  switch (s) {
  case strategy::one_for_one:
    return "one_for_one";
  case strategy::one_for_all:
    return "one_for_all";
  case strategy::rest_for_one:
    return "rest_for_one";
  }
  return "one_for_one";
}

result<strategy> parse_strategy(std::string_view text) {
  for (strategy s : {strategy::one_for_one, strategy::one_for_all, strategy::rest_for_one})
    if (text == to_string(s))
      return s;
  return fail(fault::invalid, "there is no supervision strategy \"" + std::string(text) + "\"",
              "use one_for_one, one_for_all or rest_for_one");
}

std::string_view to_string(restart_type r) noexcept {
  switch (r) {
  case restart_type::permanent:
    return "permanent";
  case restart_type::transient:
    return "transient";
  case restart_type::temporary:
    return "temporary";
  }
  return "permanent";
}

result<restart_type> parse_restart_type(std::string_view text) {
  for (restart_type r : {restart_type::permanent, restart_type::transient, restart_type::temporary})
    if (text == to_string(r))
      return r;
  return fail(fault::invalid, "there is no restart type \"" + std::string(text) + "\"",
              "use permanent, transient or temporary");
}

milliseconds supervision_policy::longest_wait() const noexcept {
  return std::min(backoff_max, within / (std::int64_t{max_restarts} + 1));
}

result<supervision_policy> validated(const supervision_policy& policy) {
  if (policy.max_restarts > limits::restarts_max)
    return fail(fault::invalid,
                "max_restarts is " + std::to_string(policy.max_restarts) + ", more than a window holds",
                "use at most " + std::to_string(limits::restarts_max));
  if (policy.within < milliseconds(1) || policy.within > limits::window_max)
    return fail(fault::invalid, "the window of " + in_ms(policy.within) + " is not between 1 ms and a day",
                "set within to the time in which restarts are counted, for example 10s");
  if (policy.backoff_initial < milliseconds(0))
    return fail(fault::invalid, "the first pause of " + in_ms(policy.backoff_initial) + " is negative",
                "use 0 for a restart at once");
  if (policy.backoff_max < policy.backoff_initial || policy.backoff_max > limits::backoff_max)
    return fail(fault::invalid,
                "the longest pause of " + in_ms(policy.backoff_max) + " is not between the first pause, " +
                    in_ms(policy.backoff_initial) + ", and a day",
                "raise backoff_max or lower backoff_initial");
  return policy;
}

} // namespace troupe::supervision
