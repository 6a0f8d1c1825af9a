#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace troupe::expression {

/// An instant from year 1 to year 9999, to the nanosecond; UTC.
struct timestamp {
  std::int64_t seconds = 0; // since 1970; before it, negative
  std::int32_t nanos = 0;   // always 0…999'999'999, added to `seconds`
  auto operator<=>(const timestamp&) const = default;
};

/// A span of time with a sign, some 292 years either way.
struct duration {
  std::int64_t nanos = 0;
  auto operator<=>(const duration&) const = default;
};

/// 2009-02-13T23:31:30.5Z, or with an offset such as +01:00. Nothing when it is no such text or no such day.
std::optional<timestamp> parse_timestamp(std::string_view text);
/// In UTC, with as many digits of a second as it takes.
std::string format(timestamp t);

/// 1h30m, 1.5s, -200ms, 3us, 7ns, and 2d for days of 24 hours. Nothing when it is no such text or too long.
std::optional<duration> parse_duration(std::string_view text);
/// Always in seconds: 5400s, 1.5s, -0.2s.
std::string format(duration d);

/// Whether the instant lies within years 1 to 9999.
bool in_range(timestamp t) noexcept;

std::optional<timestamp> add(timestamp t, duration d) noexcept;
std::optional<duration> subtract(timestamp later, timestamp earlier) noexcept;
std::optional<duration> add(duration a, duration b) noexcept;
std::optional<duration> negate(duration d) noexcept;

/// The fields of a wall clock that is `offset` seconds ahead of UTC.
struct wall_clock {
  std::int64_t year = 1970;
  int month = 1;       // 1…12
  int day = 1;         // 1…31
  int weekday = 0;     // 0 is Sunday
  int day_of_year = 0; // 0 is the first of January
  int hour = 0;
  int minute = 0;
  int second = 0;
};
wall_clock wall_clock_of(std::int64_t seconds, std::int32_t offset) noexcept;

} // namespace troupe::expression
