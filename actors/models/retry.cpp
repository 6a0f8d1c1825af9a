#include "actors/models/retry.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace troupe::models {
namespace {

using namespace std::chrono;

constexpr std::array<std::string_view, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size() || value < 0)
    return std::nullopt;
  return value;
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const auto end = std::min(text.find_first_of(" ,-"), text.size());
    if (end > 0)
      out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::optional<seconds> time_of_day(std::string_view text) {
  if (text.size() != 8 || text[2] != ':' || text[5] != ':')
    return std::nullopt;
  const auto hour = whole_number(text.substr(0, 2)), minute = whole_number(text.substr(3, 2)),
             second = whole_number(text.substr(6, 2));
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60)
    return std::nullopt;
  return hours(*hour) + minutes(*minute) + seconds(*second);
}

/// A year of two digits is the nearest that is not 50 years ahead (RFC 9110); dates here are near to now.
int full_year(std::int64_t year) {
  return static_cast<int>(year < 70    ? 2000 + year
                          : year < 100 ? 1900 + year
                                       : std::min<std::int64_t>(year, 9999));
}

std::optional<instant> moment(std::string_view day, std::string_view month, std::string_view year,
                              std::string_view time) {
  const auto name = std::find(month_names.begin(), month_names.end(), month);
  const auto d = whole_number(day), y = whole_number(year);
  const auto t = time_of_day(time);
  if (name == month_names.end() || !d || !y || !t || *d > 31)
    return std::nullopt;
  const auto number = static_cast<unsigned>(name - month_names.begin()) + 1;
  const year_month_day date{std::chrono::year(full_year(*y)), std::chrono::month(number),
                            std::chrono::day(static_cast<unsigned>(*d))};
  if (!date.ok())
    return std::nullopt;
  return instant(sys_days(date)) + *t;
}

/// The three spellings of RFC 9110 §5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT"
/// and "Sun Nov  6 08:49:37 1994".
std::optional<instant> http_date(std::string_view text) {
  const auto w = words(text);
  if (w.size() == 6 && w[5] == "GMT")
    return moment(w[1], w[2], w[3], w[4]);
  if (w.size() == 5)
    return moment(w[2], w[1], w[4], w[3]);
  return std::nullopt;
}

} // namespace

milliseconds jittered_wait(const retry_policy& policy, int failed, random_source& random) {
  milliseconds ceiling = std::min(policy.initial, policy.most);
  for (int i = 1; i < failed && ceiling < policy.most; ++i)
    ceiling = std::min(ceiling * 2, policy.most);
  const auto choices = static_cast<std::uint64_t>(std::max<std::int64_t>(ceiling.count(), 0)) + 1;
  return milliseconds(static_cast<std::int64_t>(random.next() % choices));
}

std::optional<milliseconds> parse_retry_after(std::string_view text, instant now) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\r' || text.back() == '\n'))
    text.remove_suffix(1);
  while (!text.empty() && text.front() == ' ')
    text.remove_prefix(1);
  if (const auto wait = whole_number(text)) // a day is as good as for ever here, and cannot overflow
    return seconds(std::min<std::int64_t>(*wait, 86'400));
  if (const auto at = http_date(text))
    return std::max(*at - now, milliseconds(0));
  return std::nullopt;
}

} // namespace troupe::models
