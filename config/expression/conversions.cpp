#include "config/diagnostic/source.hpp"
#include "config/expression/operation.hpp"
#include "config/expression/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace troupe::expression {
namespace {

// Enough of a text to know it by.
std::string excerpt(const value& from) {
  constexpr std::size_t shown_max = 40;
  std::string shown = from.as_text().substr(0, shown_max);
  shown.resize(std::min(shown.size(), config::first_invalid_utf8(shown))); // a character was cut
  return shown.size() < from.as_text().size() ? shown + "…" : shown;
}

tl::unexpected<refusal> unreadable(const value& from, std::string_view as) {
  return reject(code::conversion, "\"" + excerpt(from) + "\" is no " + std::string(as));
}

tl::unexpected<refusal> beyond(const value& from, std::string_view as) {
  std::string shown = from.is(value_kind::real)      ? write_double(from.as_double())
                      : from.is(value_kind::integer) ? std::to_string(from.as_int())
                                                     : std::to_string(from.as_uint());
  return reject(code::range, shown + " does not fit " + std::string(as));
}

template<class Int>
outcome read_whole(const value& from, std::string_view as) {
  std::string_view digits = from.as_text();
  if (digits.starts_with('+') && !digits.starts_with("+-"))
    digits.remove_prefix(1);
  Int number{};
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (digits.empty() || failure == std::errc::invalid_argument || end != digits.data() + digits.size())
    return unreadable(from, as);
  if (failure != std::errc{})
    return reject(code::range, excerpt(from) + " does not fit " + std::string(as));
  return value::of(number);
}

outcome to_bool(const value& from) {
  constexpr std::array<std::string_view, 5> yes{"1", "t", "true", "TRUE", "True"};
  constexpr std::array<std::string_view, 5> no{"0", "f", "false", "FALSE", "False"};
  if (from.is(value_kind::boolean))
    return from;
  if (std::ranges::find(yes, from.as_text()) != yes.end())
    return value::of(true);
  if (std::ranges::find(no, from.as_text()) != no.end())
    return value::of(false);
  return unreadable(from, "bool");
}

outcome to_int(const value& from) {
  switch (from.kind()) {
  case value_kind::unsigned_integer:
    if (from.as_uint() > INT64_MAX)
      return beyond(from, "an int");
    return value::of(static_cast<std::int64_t>(from.as_uint()));
  case value_kind::real:
    // Doubles that near the ends stand for several ints: they are out.
    if (const double d = from.as_double(); d > -0x1p63 && d < 0x1p63)
      return value::of(static_cast<std::int64_t>(d));
    return beyond(from, "an int");
  case value_kind::text:
    return read_whole<std::int64_t>(from, "int");
  case value_kind::timestamp:
    return value::of(from.as_timestamp().seconds);
  default:
    return from;
  }
}

outcome to_uint(const value& from) {
  switch (from.kind()) {
  case value_kind::integer:
    if (from.as_int() < 0)
      return beyond(from, "a uint");
    return value::of(static_cast<std::uint64_t>(from.as_int()));
  case value_kind::real:
    if (const double d = from.as_double(); d >= 0 && d < 0x1p64)
      return value::of(static_cast<std::uint64_t>(d));
    return beyond(from, "a uint");
  case value_kind::text:
    return read_whole<std::uint64_t>(from, "uint");
  default:
    return from;
  }
}

outcome to_double(const value& from) {
  switch (from.kind()) {
  case value_kind::integer:
    return value::of(static_cast<double>(from.as_int()));
  case value_kind::unsigned_integer:
    return value::of(static_cast<double>(from.as_uint()));
  case value_kind::text:
    if (const auto read = read_double(from.as_text()))
      return value::of(*read);
    return unreadable(from, "double");
  default:
    return from;
  }
}

outcome to_text(const value& from) {
  switch (from.kind()) {
  case value_kind::boolean:
    return value::text(from.as_bool() ? "true" : "false");
  case value_kind::integer:
    return value::text(std::to_string(from.as_int()));
  case value_kind::unsigned_integer:
    return value::text(std::to_string(from.as_uint()));
  case value_kind::real:
    return value::text(write_double(from.as_double()));
  case value_kind::bytes:
    if (config::first_invalid_utf8(from.as_bytes()) != std::string_view::npos)
      return reject(code::conversion, "the bytes are not UTF-8");
    return value::text(from.as_bytes());
  case value_kind::timestamp:
    return value::text(format(from.as_timestamp()));
  case value_kind::duration:
    return value::text(format(from.as_duration()));
  default:
    return from;
  }
}

outcome to_timestamp(const value& from) {
  if (from.is(value_kind::timestamp))
    return from;
  if (from.is(value_kind::text)) {
    if (const auto read = parse_timestamp(from.as_text()))
      return value::of(*read);
    return unreadable(from, "timestamp between the years 1 and 9999, such as 2026-11-20T18:38:00Z");
  }
  const bool fits = from.is(value_kind::integer) || from.as_uint() <= INT64_MAX;
  const timestamp at{from.is(value_kind::integer) ? from.as_int() : static_cast<std::int64_t>(from.as_uint()),
                     0};
  if (!fits || !in_range(at))
    return beyond(from, "a timestamp: years 1 to 9999");
  return value::of(at);
}

outcome to_duration(const value& from) {
  if (from.is(value_kind::duration))
    return from;
  if (const auto read = parse_duration(from.as_text()))
    return value::of(*read);
  return unreadable(from, "duration of up to 292 years, such as 1h30m or 2.5s");
}

} // namespace

outcome convert(function to, const value& from) {
  switch (to) {
  case function::to_bool:
    return to_bool(from);
  case function::to_int:
    return to_int(from);
  case function::to_uint:
    return to_uint(from);
  case function::to_double:
    return to_double(from);
  case function::to_text:
    return to_text(from);
  case function::to_bytes:
    return from.is(value_kind::text) ? value::bytes(from.as_text()) : from;
  case function::to_timestamp:
    return to_timestamp(from);
  default:
    return to_duration(from);
  }
}

} // namespace troupe::expression
