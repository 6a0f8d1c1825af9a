#include "workflows/language/check/schedule_check.hpp"

#include "config/settings/units.hpp"
#include "config/time_zone/zone.hpp"
#include "workflows/language/codes/codes.hpp"
#include "workflows/schedule/cron.hpp"
#include "workflows/schedule/interval.hpp"

#include <set>

namespace troupe::workflow {
namespace {

using config::node;
using config::node_kind;

void check_cron(const node& at, reporter& to) {
  const auto cron = at.find("cron");
  if (!cron || !cron->is(node_kind::text) || to.rejected(*cron))
    return;
  const auto read = workflow::cron::parse(cron->text());
  if (!read)
    to.error(at.in(), place_of(*cron, {read.error().begin, read.error().end}), codes::bad_schedule,
             read.error().message, read.error().hint);
}

void check_interval(const node& at, reporter& to) {
  const auto every = at.find("every");
  if (!every || !every->is(node_kind::text) || to.rejected(*every))
    return;
  const auto span = config::parse_duration(every->text());
  if (!span)
    return;
  if (const auto made = interval::make(*span, from_ms(0)); !made)
    to.error(*every, codes::bad_schedule, made.error().message, made.error().hint);
}

void check_schedule(const node& at, const catalogue& known, reporter& to) {
  if (!at.is(node_kind::map))
    return;
  check_cron(at, to);
  check_interval(at, to);
  const auto zone = at.find("timezone");
  if (!zone || !zone->is(node_kind::text) || to.rejected(*zone) || !known.zones)
    return;
  if (const auto found = known.zones->find(zone->text()); !found)
    to.error(*zone, codes::bad_time_zone, found.error().message, found.error().hint);
}

/// Each is an agent of its own, known by its name.
void check_names(const plan& made, const node& schedules, reporter& to) {
  std::set<std::string> seen;
  for (std::size_t i = 0; i < made.schedules.size(); ++i) {
    const auto& name = made.schedules[i].name;
    if (seen.insert(name).second || !schedules.is(node_kind::list) || i >= schedules.size())
      continue;
    const auto at = schedules.item(i);
    const auto written = at.is(node_kind::map) ? at.find("name") : std::nullopt;
    to.error(written.value_or(at), codes::bad_schedule, "another schedule is called \"" + name + "\" already",
             "without `name` a schedule is called by its number");
  }
}

} // namespace

void check_schedules(const draft& of, const catalogue& known, reporter& to) {
  const auto triggers = of.at.find("on");
  const auto schedules = triggers && triggers->is(node_kind::map) ? triggers->find("schedule") : std::nullopt;
  if (!schedules)
    return;
  check_names(*of.made, *schedules, to);
  if (!schedules->is(node_kind::list))
    return check_schedule(*schedules, known, to);
  for (const node& at : schedules->items())
    check_schedule(at, known, to);
}

} // namespace troupe::workflow
