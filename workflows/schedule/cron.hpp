#pragma once

#include "config/time_zone/zone.hpp"
#include "runtime/base/time.hpp"

#include <bitset>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace troupe::workflow {

/// Why a text is no cron expression: one sentence, its place in bytes, and what to write instead.
struct cron_mistake {
  std::string message;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string hint; // may be empty
};

/// Which minutes, hours and days a cron expression means. Five fields (minute, hour, day of month, month, day
/// of week) or one of @hourly @daily @weekly @monthly @yearly.
///
/// When day of month and day of week are both restricted, either may match; a field that starts with `*` is
/// not restricted. A wall-clock time that a clock change skips comes once, at the end of the gap; a doubled
/// one at its first pass. With `*` or `*/1` for the hour it is elapsed time that counts: both passes come,
/// nothing is made up for.
class cron {
public:
  /// Refuses what cannot be read and what never comes, such as 31 February.
  static tl::expected<cron, cron_mistake> parse(std::string_view text);

  /// The first time after `after` and not after `until`.
  std::optional<instant> next(instant after, instant until, const time_zone::zone& in) const;

private:
  friend class cron_reader;

  bool is_day(std::int64_t day) const; // counted from 1970
  std::optional<std::int64_t> next_minute(std::int64_t after, std::int64_t last) const;
  std::optional<std::int64_t> next_by_wall_clock(std::int64_t after, std::int64_t last,
                                                 const time_zone::zone& in) const;
  std::optional<std::int64_t> next_by_elapsed_time(std::int64_t after, std::int64_t last,
                                                   const time_zone::zone& in) const;
  bool ever_comes() const;

  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_; // of the month, from 1
  std::bitset<13> months_;
  std::bitset<7> weekdays_; // 0 is Sunday
  bool either_day_ = false; // both kinds of days are restricted
  bool elapsed_ = false;    // the hour is free
};

} // namespace troupe::workflow
