#include "workflows/schedule/cron.hpp"

#include <algorithm>
#include <chrono>

namespace troupe::workflow {
namespace {

constexpr std::int64_t day_seconds = 86'400;

/// The calendar is sure of these years, and no schedule looks further.
constexpr std::int64_t first_second = -62'135'596'800; // 0001-01-01
constexpr std::int64_t last_second = 253'402'300'799;  // 9999-12-31T23:59:59

std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

template<std::size_t Size>
std::size_t next_set(const std::bitset<Size>& of, std::size_t from) {
  while (from < Size && !of[from])
    ++from;
  return from;
}

} // namespace

bool cron::is_day(std::int64_t day) const {
  const std::chrono::sys_days at{std::chrono::days(day)};
  const std::chrono::year_month_day date{at};
  if (!months_[static_cast<unsigned>(date.month())])
    return false;
  const bool in_month = days_[static_cast<unsigned>(date.day())];
  const bool in_week = weekdays_[std::chrono::weekday(at).c_encoding()];
  return either_day_ ? in_month || in_week : in_month && in_week;
}

// The first minute of the wall clock after `after`, itself not after `last`; all as local seconds.
std::optional<std::int64_t> cron::next_minute(std::int64_t after, std::int64_t last) const {
  const std::int64_t from = (floor_divide(after, 60) + 1) * 60;
  std::int64_t day = floor_divide(from, day_seconds);
  auto minute_of_day = static_cast<std::size_t>((from - day * day_seconds) / 60);
  for (; day * day_seconds <= last; ++day, minute_of_day = 0) {
    if (!is_day(day))
      continue;
    std::size_t hour = next_set(hours_, minute_of_day / 60);
    std::size_t minute = next_set(minutes_, hour == minute_of_day / 60 ? minute_of_day % 60 : 0);
    if (minute == minutes_.size()) {
      hour = next_set(hours_, hour + 1);
      minute = next_set(minutes_, 0);
    }
    if (hour >= hours_.size())
      continue;
    const std::int64_t found = day * day_seconds + static_cast<std::int64_t>(hour * 3'600 + minute * 60);
    return found <= last ? std::optional(found) : std::nullopt;
  }
  return std::nullopt;
}

// Later readings of the wall clock stand for later instants, or for the same one at the end of a gap: so the
// first that lies behind `after` is the one.
std::optional<std::int64_t> cron::next_by_wall_clock(std::int64_t after, std::int64_t last,
                                                     const time_zone::zone& in) const {
  std::int64_t local = after + in.offset_at(after);
  const std::int64_t last_local = last + day_seconds; // whatever the offset is then
  while (const auto candidate = next_minute(local, last_local)) {
    const std::int64_t at = in.read_local(*candidate).first;
    if (at > after)
      return at <= last ? std::optional(at) : std::nullopt;
    local = *candidate;
  }
  return std::nullopt;
}

// Between two changes the wall clock runs like any other.
std::optional<std::int64_t> cron::next_by_elapsed_time(std::int64_t after, std::int64_t last,
                                                       const time_zone::zone& in) const {
  for (std::int64_t from = after;;) {
    const std::int64_t offset = in.offset_at(from);
    const auto found = next_minute((from == after ? from : from - 1) + offset, last + offset);
    const auto change = in.next_change(from, found ? *found - offset : last);
    if (!change)
      return found ? std::optional(*found - offset) : std::nullopt;
    from = *change;
  }
}

std::optional<instant> cron::next(instant after, instant until, const time_zone::zone& in) const {
  using std::chrono::floor;
  using std::chrono::seconds;
  const std::int64_t from = std::max(floor<seconds>(after).time_since_epoch().count(), first_second);
  const std::int64_t last = std::min(floor<seconds>(until).time_since_epoch().count(), last_second);
  if (from >= last)
    return std::nullopt;
  const auto found = elapsed_ ? next_by_elapsed_time(from, last, in) : next_by_wall_clock(from, last, in);
  return found ? std::optional(instant(seconds(*found))) : std::nullopt;
}

// Every day of a month falls on every day of the week some year, the 29th of February too.
bool cron::ever_comes() const {
  if (either_day_)
    return true;
  constexpr std::array<std::size_t, 13> lengths{0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const std::size_t first_day = next_set(days_, 1);
  for (std::size_t month = 1; month < lengths.size(); ++month) {
    if (months_[month] && first_day <= lengths[month])
      return true;
  }
  return false;
}

} // namespace troupe::workflow
