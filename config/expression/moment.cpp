#include "config/expression/moment.hpp"

#include <array>
#include <charconv>
#include <chrono>

namespace troupe::expression {
namespace {

constexpr std::int64_t billion = 1'000'000'000;
constexpr std::int64_t first_second = -62'135'596'800; // 0001-01-01T00:00:00Z
constexpr std::int64_t last_second = 253'402'300'799;  // 9999-12-31T23:59:59Z

// Not builtin types: two 64-bit numbers multiplied must not wrap before they are compared.
__extension__ using wide = __int128;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool take(std::string_view& rest, char c) {
  if (!rest.starts_with(c))
    return false;
  rest.remove_prefix(1);
  return true;
}

// Exactly `digits` of them.
std::optional<int> take_number(std::string_view& rest, std::size_t digits) {
  int number = 0;
  if (rest.size() < digits)
    return std::nullopt;
  for (const char c : rest.substr(0, digits)) {
    if (!is_digit(c))
      return std::nullopt;
    number = number * 10 + (c - '0');
  }
  rest.remove_prefix(digits);
  return number;
}

std::optional<int> take_number(std::string_view& rest, std::size_t digits, int least, int most) {
  const auto number = take_number(rest, digits);
  return number && *number >= least && *number <= most ? number : std::nullopt;
}

// Up to nine digits, as billionths.
std::optional<std::int32_t> take_fraction(std::string_view& rest) {
  std::int32_t nanos = 0;
  std::size_t digits = 0;
  while (digits < 9 && digits < rest.size() && is_digit(rest[digits]))
    nanos = nanos * 10 + (rest[digits++] - '0');
  if (digits == 0)
    return std::nullopt;
  rest.remove_prefix(digits);
  for (; digits < 9; ++digits)
    nanos *= 10;
  return nanos;
}

// Days since 1970, when there is such a day.
std::optional<std::int64_t> take_date(std::string_view& rest) {
  const auto year = take_number(rest, 4);
  if (!year || !take(rest, '-'))
    return std::nullopt;
  const auto month = take_number(rest, 2);
  if (!month || !take(rest, '-'))
    return std::nullopt;
  const auto day = take_number(rest, 2);
  if (!day)
    return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok())
    return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

std::optional<std::int64_t> take_clock(std::string_view& rest) {
  const auto hour = take_number(rest, 2, 0, 23);
  if (!hour || !take(rest, ':'))
    return std::nullopt;
  const auto minute = take_number(rest, 2, 0, 59);
  if (!minute || !take(rest, ':'))
    return std::nullopt;
  const auto second = take_number(rest, 2, 0, 59);
  if (!second)
    return std::nullopt;
  return *hour * 3'600 + *minute * 60 + *second;
}

// Z, +01:00, -02:30: seconds ahead of UTC.
std::optional<std::int64_t> take_offset(std::string_view& rest) {
  if (take(rest, 'Z'))
    return 0;
  const bool behind = rest.starts_with('-');
  if (!take(rest, '-') && !take(rest, '+'))
    return std::nullopt;
  const auto hours = take_number(rest, 2, 0, 23);
  if (!hours || !take(rest, ':'))
    return std::nullopt;
  const auto minutes = take_number(rest, 2, 0, 59);
  if (!minutes)
    return std::nullopt;
  const std::int64_t ahead = *hours * 3'600 + *minutes * 60;
  return behind ? -ahead : ahead;
}

struct unit {
  std::string_view name;
  std::int64_t nanos;
};
constexpr std::array units{
    unit{"ns", 1},      unit{"us", 1'000},       unit{"µs", 1'000},          unit{"ms", 1'000'000},
    unit{"s", billion}, unit{"m", 60 * billion}, unit{"h", 3'600 * billion}, unit{"d", 86'400 * billion}};

std::optional<std::int64_t> take_unit(std::string_view& rest) {
  std::size_t length = 0;
  while (length < rest.size() && !is_digit(rest[length]) && rest[length] != '.')
    ++length;
  for (const unit& u : units) {
    if (rest.substr(0, length) == u.name) {
      rest.remove_prefix(length);
      return u.nanos;
    }
  }
  return std::nullopt;
}

// 1.5h and the like. Digits of the fraction beyond the nanosecond are dropped.
std::optional<std::int64_t> take_amount(std::string_view& rest) {
  std::int64_t whole = 0;
  const bool has_whole = !rest.empty() && is_digit(rest.front());
  if (has_whole) {
    const auto [end, failure] = std::from_chars(rest.data(), rest.data() + rest.size(), whole);
    if (failure != std::errc{})
      return std::nullopt;
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  }
  std::string_view fraction;
  if (take(rest, '.')) {
    std::size_t digits = 0;
    while (digits < rest.size() && is_digit(rest[digits]))
      ++digits;
    fraction = rest.substr(0, digits);
    rest.remove_prefix(digits);
  }
  if (!has_whole && fraction.empty())
    return std::nullopt;
  const auto scale = take_unit(rest);
  if (!scale)
    return std::nullopt;
  wide total = wide{whole} * *scale;
  wide numerator = 0;
  wide denominator = 1;
  for (const char c : fraction.substr(0, 15)) {
    numerator = numerator * 10 + (c - '0');
    denominator *= 10;
  }
  total += numerator * *scale / denominator;
  if (total > INT64_MAX)
    return std::nullopt;
  return static_cast<std::int64_t>(total);
}

void append_padded(std::string& to, std::int64_t number, std::size_t width) {
  const std::string digits = std::to_string(number);
  to.append(width > digits.size() ? width - digits.size() : 0, '0');
  to += digits;
}

void append_fraction(std::string& to, std::int64_t nanos) {
  if (nanos == 0)
    return;
  to += '.';
  append_padded(to, nanos, 9);
  to.erase(to.find_last_not_of('0') + 1);
}

} // namespace

bool in_range(timestamp t) noexcept { return t.seconds >= first_second && t.seconds <= last_second; }

std::optional<timestamp> parse_timestamp(std::string_view text) {
  const auto days = take_date(text);
  if (!days || !take(text, 'T'))
    return std::nullopt;
  const auto clock = take_clock(text);
  if (!clock)
    return std::nullopt;
  std::optional<std::int32_t> nanos = 0;
  if (take(text, '.'))
    nanos = take_fraction(text);
  const auto offset = take_offset(text);
  if (!nanos || !offset || !text.empty())
    return std::nullopt;
  const timestamp read{*days * 86'400 + *clock - *offset, *nanos};
  return in_range(read) ? std::optional(read) : std::nullopt;
}

std::string format(timestamp t) {
  const wall_clock at = wall_clock_of(t.seconds, 0);
  std::string text;
  append_padded(text, at.year, 4);
  for (const auto& [mark, number] :
       {std::pair('-', at.month), std::pair('-', at.day), std::pair('T', at.hour), std::pair(':', at.minute),
        std::pair(':', at.second)}) {
    text += mark;
    append_padded(text, number, 2);
  }
  append_fraction(text, t.nanos);
  return text + "Z";
}

std::optional<duration> parse_duration(std::string_view text) {
  const bool behind = take(text, '-');
  if (!behind)
    take(text, '+');
  if (text == "0")
    return duration{0};
  std::int64_t total = 0;
  do {
    const auto amount = take_amount(text);
    if (!amount || __builtin_add_overflow(total, *amount, &total))
      return std::nullopt;
  } while (!text.empty());
  return duration{behind ? -total : total};
}

std::string format(duration d) {
  std::string text = d.nanos < 0 ? "-" : "";
  const std::uint64_t size =
      d.nanos < 0 ? 0 - static_cast<std::uint64_t>(d.nanos) : static_cast<std::uint64_t>(d.nanos);
  text += std::to_string(size / billion);
  append_fraction(text, static_cast<std::int64_t>(size % billion));
  return text + "s";
}

std::optional<timestamp> add(timestamp t, duration d) noexcept {
  std::int64_t seconds = t.seconds + d.nanos / billion;
  std::int64_t nanos = t.nanos + d.nanos % billion;
  if (nanos < 0) {
    nanos += billion;
    --seconds;
  } else if (nanos >= billion) {
    nanos -= billion;
    ++seconds;
  }
  const timestamp sum{seconds, static_cast<std::int32_t>(nanos)};
  return in_range(sum) ? std::optional(sum) : std::nullopt;
}

std::optional<duration> subtract(timestamp later, timestamp earlier) noexcept {
  const wide nanos = wide{later.seconds - earlier.seconds} * billion + (later.nanos - earlier.nanos);
  if (nanos > INT64_MAX || nanos < INT64_MIN)
    return std::nullopt;
  return duration{static_cast<std::int64_t>(nanos)};
}

std::optional<duration> add(duration a, duration b) noexcept {
  duration sum;
  if (__builtin_add_overflow(a.nanos, b.nanos, &sum.nanos))
    return std::nullopt;
  return sum;
}

std::optional<duration> negate(duration d) noexcept {
  if (d.nanos == INT64_MIN)
    return std::nullopt;
  return duration{-d.nanos};
}

wall_clock wall_clock_of(std::int64_t seconds, std::int32_t offset) noexcept {
  const std::chrono::sys_seconds local{std::chrono::seconds(seconds + offset)};
  const auto midnight = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date{midnight};
  const auto new_year = std::chrono::sys_days(date.year() / 1 / 1);
  const auto of_day = static_cast<int>((local - midnight).count());
  wall_clock at;
  at.year = static_cast<int>(date.year());
  at.month = static_cast<int>(static_cast<unsigned>(date.month()));
  at.day = static_cast<int>(static_cast<unsigned>(date.day()));
  at.weekday = static_cast<int>(std::chrono::weekday(midnight).c_encoding());
  at.day_of_year = static_cast<int>((midnight - new_year).count());
  at.hour = of_day / 3'600;
  at.minute = of_day / 60 % 60;
  at.second = of_day % 60;
  return at;
}

} // namespace troupe::expression
