#include "config/expression/operation.hpp"
#include "config/time_zone/zone.hpp"

namespace troupe::expression {
namespace {

constexpr std::int64_t billion = 1'000'000'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// +02:00, -02:30, 02:00: seconds ahead of UTC.
std::optional<std::int32_t> read_offset(std::string_view text) {
  const bool behind = text.starts_with('-');
  if (behind || text.starts_with('+'))
    text.remove_prefix(1);
  if (text.size() != 5 || text[2] != ':' || !is_digit(text[0]) || !is_digit(text[1]) || !is_digit(text[3]) ||
      !is_digit(text[4]))
    return std::nullopt;
  const int hours = (text[0] - '0') * 10 + (text[1] - '0');
  const int minutes = (text[3] - '0') * 10 + (text[4] - '0');
  if (hours > 23 || minutes > 59)
    return std::nullopt;
  const std::int32_t ahead = hours * 3'600 + minutes * 60;
  return behind ? -ahead : ahead;
}

tl::expected<std::int32_t, refusal> offset_in(const std::string& name, timestamp at, operation_context& in) {
  if (name == "UTC" || name == "Z")
    return 0;
  if (const auto fixed = read_offset(name))
    return *fixed;
  if (!in.with.zones)
    return reject(code::time_zone, "there is no time zone \"" + name + "\" here",
                  "UTC and offsets such as +02:00 are known");
  const auto zone = in.with.zones->find(name);
  if (!zone)
    return reject(code::time_zone, zone.error().message, zone.error().hint);
  return (*zone)->offset_at(at.seconds);
}

value part_of_duration(function f, duration d) {
  switch (f) {
  case function::get_hours:
    return value::of(d.nanos / (3'600 * billion));
  case function::get_minutes:
    return value::of(d.nanos / (60 * billion));
  case function::get_seconds:
    return value::of(d.nanos / billion);
  default: // the thousandths beside the full seconds, unlike the others
    return value::of(d.nanos % billion / 1'000'000);
  }
}

std::int64_t part_of_instant(function f, const wall_clock& at, std::int32_t nanos) {
  switch (f) {
  case function::get_date:
    return at.day;
  case function::get_day_of_month:
    return at.day - 1;
  case function::get_day_of_week:
    return at.weekday;
  case function::get_day_of_year:
    return at.day_of_year;
  case function::get_full_year:
    return at.year;
  case function::get_hours:
    return at.hour;
  case function::get_minutes:
    return at.minute;
  case function::get_month:
    return at.month - 1;
  case function::get_seconds:
    return at.second;
  default:
    return nanos / 1'000'000;
  }
}

} // namespace

outcome call_on_time(function f, std::span<const value> arguments, operation_context& in) {
  if (arguments[0].is(value_kind::duration)) {
    if (arguments.size() > 1)
      return reject(code::no_overload, "a duration has no time zone");
    return part_of_duration(f, arguments[0].as_duration());
  }
  const timestamp at = arguments[0].as_timestamp();
  std::int32_t offset = 0;
  if (arguments.size() > 1) {
    auto found = offset_in(arguments[1].as_text(), at, in);
    if (!found)
      return tl::unexpected(std::move(found.error()));
    offset = *found;
  }
  return value::of(part_of_instant(f, wall_clock_of(at.seconds, offset), at.nanos));
}

} // namespace troupe::expression
