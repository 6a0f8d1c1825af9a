#include "config/time_zone/posix_rule.hpp"

#include <algorithm>
#include <chrono>

namespace troupe::time_zone {
namespace {

constexpr std::int64_t day_seconds = 86'400;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool take(std::string_view& rest, char c) {
  if (!rest.starts_with(c))
    return false;
  rest.remove_prefix(1);
  return true;
}

std::optional<int> take_number(std::string_view& rest, int least, int most) {
  int number = 0;
  std::size_t digits = 0;
  for (; digits < rest.size() && digits < 4 && is_digit(rest[digits]); ++digits)
    number = number * 10 + (rest[digits] - '0');
  rest.remove_prefix(digits);
  return digits > 0 && number >= least && number <= most ? std::optional(number) : std::nullopt;
}

int year_of(std::int64_t utc) {
  const auto day = std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds(std::chrono::seconds(utc)));
  return static_cast<int>(std::chrono::year_month_day(day).year());
}

std::int64_t seconds_of(std::chrono::sys_days day) { return day.time_since_epoch().count() * day_seconds; }

} // namespace

bool posix_rule::read_name(std::string_view& rest) {
  const bool quoted = take(rest, '<');
  const auto is_part = [quoted](char c) {
    return is_letter(c) || (quoted && (is_digit(c) || c == '+' || c == '-'));
  };
  const auto end = std::find_if_not(rest.begin(), rest.end(), is_part);
  const auto length = static_cast<std::size_t>(end - rest.begin());
  rest.remove_prefix(length);
  return length >= 3 && (!quoted || take(rest, '>'));
}

// [+-]h[h][:mm[:ss]]
std::optional<std::int32_t> posix_rule::read_clock(std::string_view& rest, int hours_max) {
  const bool negative = take(rest, '-');
  if (!negative)
    take(rest, '+');
  const auto hours = take_number(rest, 0, hours_max);
  std::optional<int> minutes = 0, seconds = 0;
  if (take(rest, ':')) {
    minutes = take_number(rest, 0, 59);
    if (take(rest, ':'))
      seconds = take_number(rest, 0, 59);
  }
  if (!hours || !minutes || !seconds)
    return std::nullopt;
  const std::int32_t total = *hours * 3'600 + *minutes * 60 + *seconds;
  return negative ? -total : total;
}

// Mm.w.d, Jn or n, and /time unless it is two o'clock.
std::optional<posix_rule::yearly> posix_rule::read_yearly(std::string_view& rest) {
  yearly when;
  when.seconds = 2 * 3'600;
  if (take(rest, 'M')) {
    const auto month = take_number(rest, 1, 12);
    const auto week = month && take(rest, '.') ? take_number(rest, 1, 5) : std::nullopt;
    const auto day = week && take(rest, '.') ? take_number(rest, 0, 6) : std::nullopt;
    if (!day)
      return std::nullopt;
    when.month = *month, when.week = *week, when.day = *day;
  } else {
    when.is = take(rest, 'J') ? day_kind::julian : day_kind::counted;
    const auto day = when.is == day_kind::julian ? take_number(rest, 1, 365) : take_number(rest, 0, 365);
    if (!day)
      return std::nullopt;
    when.day = *day;
  }
  if (take(rest, '/')) {
    const auto clock = read_clock(rest, 167);
    if (!clock)
      return std::nullopt;
    when.seconds = *clock;
  }
  return when;
}

std::optional<posix_rule> posix_rule::parse(std::string_view text) {
  posix_rule rule;
  if (!read_name(text))
    return std::nullopt;
  const auto behind = read_clock(text, 24); // POSIX counts westwards
  if (!behind)
    return std::nullopt;
  rule.standard_ = rule.summer_ = -*behind;
  if (text.empty())
    return rule.is_sane() ? std::optional(rule) : std::nullopt;
  rule.changes_ = true;
  if (!read_name(text))
    return std::nullopt;
  rule.summer_ = rule.standard_ + 3'600;
  if (!text.starts_with(',')) {
    const auto summer = read_clock(text, 24);
    if (!summer)
      return std::nullopt;
    rule.summer_ = -*summer;
  }
  const auto start = take(text, ',') ? read_yearly(text) : std::nullopt;
  const auto end = start && take(text, ',') ? read_yearly(text) : std::nullopt;
  if (!end || !text.empty())
    return std::nullopt;
  rule.start_ = *start;
  rule.end_ = *end;
  return rule.is_sane() ? std::optional(rule) : std::nullopt;
}

// Times of day reach a week into the next days, so a rule can say that summer ends after it has begun again.
// The calendar repeats after 400 years. Summer time all the year round has an end and a start at one instant.
bool posix_rule::is_sane() const {
  const auto in_range = [](std::int32_t offset) { return offset > -offset_max && offset < offset_max; };
  if (!in_range(standard_) || !in_range(summer_))
    return false;
  const bool summer_first = !changes_ || changes_of(2000)[0].after == summer_;
  for (int year = 2000; changes_ && year < 2400; ++year) {
    const auto now = changes_of(year);
    if ((now[0].after == summer_) != summer_first || now[1].utc > changes_of(year + 1)[0].utc)
      return false;
  }
  return true;
}

std::int64_t posix_rule::local_seconds(const yearly& when, int year) {
  using namespace std::chrono;
  const auto first = sys_days(std::chrono::year(year) / 1 / 1);
  if (when.is == day_kind::counted)
    return seconds_of(first + days(when.day)) + when.seconds;
  if (when.is == day_kind::julian) {
    const int leap = std::chrono::year(year).is_leap() && when.day >= 60 ? 1 : 0;
    return seconds_of(first + days(when.day - 1 + leap)) + when.seconds;
  }
  const auto in_month = std::chrono::year(year) / when.month;
  const weekday wanted(static_cast<unsigned>(when.day));
  const sys_days day = when.week == 5 ? sys_days(in_month / wanted[last])
                                      : sys_days(in_month / wanted[static_cast<unsigned>(when.week)]);
  return seconds_of(day) + when.seconds;
}

std::array<change, 2> posix_rule::changes_of(int year) const {
  const change start{local_seconds(start_, year) - standard_, standard_, summer_};
  const change end{local_seconds(end_, year) - summer_, summer_, standard_};
  if (start.utc <= end.utc)
    return {start, end};
  return {end, start};
}

std::int32_t posix_rule::offset_at(std::int64_t utc) const noexcept {
  if (!changes_)
    return standard_;
  const int year = year_of(utc + standard_);
  std::int32_t offset = changes_of(year - 1)[1].after;
  for (const int y : {year, year + 1}) {
    for (const change& c : changes_of(y))
      offset = c.utc <= utc ? c.after : offset;
  }
  return offset;
}

std::vector<change> posix_rule::changes_between(std::int64_t from, std::int64_t to) const {
  std::vector<change> found;
  for (int year = year_of(from) - 1; changes_ && year <= year_of(to) + 1; ++year) {
    for (const change& c : changes_of(year)) {
      // Summer time all the year round is written as an end and a start at one instant.
      if (c.utc > from && c.utc <= to && c.before != c.after)
        found.push_back(c);
    }
  }
  return found;
}

} // namespace troupe::time_zone
