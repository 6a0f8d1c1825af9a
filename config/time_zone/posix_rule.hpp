#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace troupe::time_zone {

/// No offset was ever larger: 15:13:42, in Alaska until 1867.
constexpr std::int32_t offset_max = 16 * 3'600;

/// The instant at which a zone's offset changes.
struct change {
  std::int64_t utc = 0;
  std::int32_t before = 0; // seconds ahead of UTC
  std::int32_t after = 0;
};

/// What happens each year, as POSIX writes it at the end of a tzdata file: CET-1CEST,M3.5.0,M10.5.0/3
class posix_rule {
public:
  /// Refused besides what is no rule: offsets of `offset_max` and more, changes that overtake each other.
  static std::optional<posix_rule> parse(std::string_view text);

  std::int32_t offset_at(std::int64_t utc) const noexcept;
  /// Those in (from, to], ascending.
  std::vector<change> changes_between(std::int64_t from, std::int64_t to) const;

private:
  enum class day_kind : std::uint8_t { julian, counted, weekday };
  struct yearly {
    day_kind is = day_kind::weekday;
    int day = 0;  // of the year, 1…365 without 29 February (julian) or 0…365; or of the week, 0 is Sunday
    int week = 0; // 1…5, 5 is the last
    int month = 0;            // 1…12
    std::int32_t seconds = 0; // of that day's wall clock
  };
  static bool read_name(std::string_view& rest);
  static std::optional<std::int32_t> read_clock(std::string_view& rest, int hours_max);
  static std::optional<yearly> read_yearly(std::string_view& rest);
  static std::int64_t local_seconds(const yearly& when, int year);
  std::array<change, 2> changes_of(int year) const;
  bool is_sane() const;

  std::int32_t standard_ = 0;
  std::int32_t summer_ = 0;
  bool changes_ = false;
  yearly start_;
  yearly end_;
};

} // namespace troupe::time_zone
