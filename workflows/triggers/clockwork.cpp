#include "workflows/triggers/clockwork.hpp"
#include "workflows/limits.hpp"

#include <deque>

namespace troupe::workflow {
namespace {

std::vector<instant> last_of(const clockwork& when, instant after, instant until, std::size_t most) {
  std::deque<instant> kept;
  for (auto next = when.next(after, until); next; next = when.next(*next, until)) {
    kept.push_back(*next);
    if (kept.size() > most)
      kept.pop_front();
  }
  return {kept.begin(), kept.end()};
}

} // namespace

result<clockwork> clockwork::make(const schedule_trigger& of, const time_zone::zone_source& zones) {
  if (of.cron.empty()) {
    auto made = interval::make(of.every, from_ms(0));
    if (!made)
      return tl::unexpected(made.error());
    return clockwork(*made);
  }
  auto when = cron::parse(of.cron);
  if (!when)
    return fail(fault::invalid, when.error().message, when.error().hint);
  auto zone = zones.find(of.timezone);
  if (!zone)
    return tl::unexpected(zone.error());
  return clockwork(wall{*when, std::move(*zone)});
}

std::optional<instant> clockwork::next(instant after, instant until) const {
  if (const auto* on_wall = std::get_if<wall>(&how_))
    return on_wall->when.next(after, until, *on_wall->zone);
  const auto found = std::get<interval>(how_).next(after);
  return found && *found <= until ? found : std::nullopt;
}

/// Looks back in steps that grow: the last ones lie near the end, unless there are few.
std::vector<instant> clockwork::latest(instant after, instant until, std::size_t most) const {
  constexpr int growth = 32;
  milliseconds span = std::chrono::minutes(1);
  for (;; span *= growth) {
    const bool whole = after >= until - span;
    auto found = last_of(*this, whole ? after : until - span, until, most);
    if (whole || found.size() == most)
      return found;
  }
}

/// Jitter is no lateness: it is added to what may be late.
milliseconds catchup_of(const schedule_trigger& rule) {
  constexpr auto longest =
      std::chrono::duration_cast<milliseconds>(limits::schedule_outlook); // files may say any number of days
  const milliseconds said = rule.catchup.value_or(limits::schedule_catchup_usual);
  return std::clamp<milliseconds>(said, limits::schedule_punctual, longest) + std::min(rule.jitter, longest);
}

coming_instants coming(const clockwork& when, const schedule_trigger& rule, instant after, instant until,
                       const start_delay& delay) {
  coming_instants found;
  const auto oldest = until - catchup_of(rule);
  found.due = when.latest(std::max(after, oldest), until, limits::schedule_made_up_max);
  if (found.due.empty() && !rule.catchup)
    found.due = when.latest(after, until, 1);
  const auto first = when.next(after, until);
  found.missed = first && (found.due.empty() || *first < found.due.front());
  const auto not_yet =
      std::find_if(found.due.begin(), found.due.end(), [&](instant i) { return later(i, delay(i)) > until; });
  found.next = not_yet == found.due.end() ? when.next(until, never) : std::optional(*not_yet);
  found.due.erase(not_yet, found.due.end());
  return found;
}

} // namespace troupe::workflow
