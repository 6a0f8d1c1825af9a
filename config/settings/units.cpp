#include "config/settings/units.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace troupe::config {
namespace {

struct unit {
  std::string_view name;
  std::int64_t worth = 1;
};

// From large to small; the order is also the one in which a duration may name them.
constexpr std::array durations{unit{"d", 86'400'000}, unit{"h", 3'600'000}, unit{"m", 60'000},
                               unit{"s", 1'000}, unit{"ms", 1}};
constexpr std::array sizes{unit{"TiB", 1LL << 40}, unit{"GiB", 1LL << 30}, unit{"MiB", 1LL << 20},
                           unit{"KiB", 1LL << 10}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes the digits at the front; nothing if there are none or they do not fit.
std::optional<std::int64_t> take_number(std::string_view& text) {
  std::int64_t value = 0;
  if (text.empty() || !is_digit(text.front()))
    return std::nullopt;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{})
    return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

std::string_view take_letters(std::string_view& text) {
  const auto end = std::find_if(text.begin(), text.end(), is_digit);
  const std::string_view letters = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(letters.size());
  return letters;
}

tl::unexpected<error> no_duration(std::string_view text) {
  return fail(fault::invalid, "\"" + std::string(text) + "\" is no duration",
              "write 250ms, 30s, 5m, 2h or 1d");
}

tl::unexpected<error> no_size(std::string_view text) {
  return fail(fault::invalid, "\"" + std::string(text) + "\" is no size",
              "write bytes, or 32KiB, 512MiB, 1GiB (powers of 1024)");
}

} // namespace

result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  std::int64_t total = 0;
  std::string_view rest = text;
  auto next_unit = durations.begin();
  do {
    const auto number = take_number(rest);
    const std::string_view name = take_letters(rest);
    const auto named = std::find_if(next_unit, durations.end(),
                                    [=](const unit& candidate) { return candidate.name == name; });
    std::int64_t part = 0;
    if (!number || named == durations.end() || __builtin_mul_overflow(*number, named->worth, &part) ||
        __builtin_add_overflow(total, part, &total))
      return no_duration(text);
    next_unit = named + 1;
  } while (!rest.empty());
  return std::chrono::milliseconds(total);
}

std::string format_duration(std::chrono::milliseconds span) {
  std::int64_t rest = span.count();
  std::string text;
  for (const unit& u : durations) {
    if (rest >= u.worth)
      text += std::to_string(rest / u.worth) + std::string(u.name);
    rest %= u.worth;
  }
  return text.empty() ? "0s" : text;
}

result<std::int64_t> parse_size(std::string_view text) {
  std::string_view rest = text;
  const auto number = take_number(rest);
  if (!number)
    return no_size(text);
  if (rest.empty() || rest == "B")
    return *number;
  const auto named = std::find_if(sizes.begin(), sizes.end(), [=](const unit& u) { return u.name == rest; });
  std::int64_t bytes = 0;
  if (named == sizes.end() || __builtin_mul_overflow(*number, named->worth, &bytes))
    return no_size(text);
  return bytes;
}

std::string format_size(std::int64_t bytes) {
  const auto fits = std::find_if(sizes.begin(), sizes.end(),
                                 [=](const unit& u) { return bytes != 0 && bytes % u.worth == 0; });
  return fits == sizes.end() ? std::to_string(bytes)
                             : std::to_string(bytes / fits->worth) + std::string(fits->name);
}

result<std::int64_t> parse_count(std::string_view text) {
  const bool negative = text.starts_with('-');
  std::string_view rest = negative ? text.substr(1) : text;
  const auto number = take_number(rest);
  if (!number || !rest.empty())
    return fail(fault::invalid, "\"" + std::string(text) + "\" is no whole number", "write digits only");
  return negative ? -*number : *number;
}

} // namespace troupe::config
