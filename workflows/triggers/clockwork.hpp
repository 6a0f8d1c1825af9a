#pragma once

#include "config/time_zone/zone.hpp"
#include "workflows/plan/plan.hpp"
#include "workflows/schedule/cron.hpp"
#include "workflows/schedule/interval.hpp"

#include <functional>
#include <optional>
#include <variant>
#include <vector>

namespace troupe::workflow {

/// When a schedule comes: a cron expression in its time zone, or an interval.
class clockwork {
public:
  static result<clockwork> make(const schedule_trigger& of, const time_zone::zone_source& zones);

  /// The first instant after `after` and not after `until`.
  std::optional<instant> next(instant after, instant until) const;
  /// The last `most` of those in (after, until], ascending. A long span costs no more than a short one.
  std::vector<instant> latest(instant after, instant until, std::size_t most) const;

private:
  struct wall {
    cron when;
    std::shared_ptr<const time_zone::zone> zone;
  };
  explicit clockwork(std::variant<wall, interval> how)
      : how_(std::move(how)) {}

  std::variant<wall, interval> how_;
};

/// What a schedule has to settle now.
struct coming_instants {
  std::vector<instant> due;    // start a run each, in this order
  bool missed = false;         // there were others, too late to be made up for
  std::optional<instant> next; // the one to come; nothing: none ever will
  bool operator==(const coming_instants&) const = default;
};

/// How long after its instant a run begins: `jitter`, drawn from schedule and instant.
using start_delay = std::function<milliseconds(instant)>;

/// The instants in (after, until] that a node has not settled yet. Without `catchup` a minute is made up for,
/// and the latest one however late it is.
coming_instants coming(const clockwork& when, const schedule_trigger& rule, instant after, instant until,
                       const start_delay& delay);

/// How late an instant may still start a run, its jitter included.
milliseconds catchup_of(const schedule_trigger& rule);

} // namespace troupe::workflow
