#pragma once

#include "config/result.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace troupe::time_zone {

/// What a wall clock's reading stands for.
struct local_reading {
  enum class kind : std::uint8_t { once, skipped, twice };
  kind is = kind::once;
  std::int64_t first = 0; // UTC seconds; of a skipped reading, the instant at which the clock was put forward
  std::int64_t second = 0; // of a reading that came twice, its second pass; else `first`
};

/// The offsets of one time zone, past and to come. Seconds count from 1970 in UTC; local seconds are those
/// that the wall clock would show if it counted from 1970 itself.
class zone {
public:
  virtual ~zone() = default;
  /// Seconds ahead of UTC at an instant.
  virtual std::int32_t offset_at(std::int64_t utc) const noexcept = 0;
  virtual local_reading read_local(std::int64_t local) const = 0;
  /// The first instant in (from, until] at which the offset changes; nothing when it stays.
  virtual std::optional<std::int64_t> next_change(std::int64_t from, std::int64_t until) const = 0;
};

/// Time zones by their names: Europe/Paris. A port: production reads the system's tzdata.
class zone_source {
public:
  virtual ~zone_source() = default;
  virtual result<std::shared_ptr<const zone>> find(std::string_view name) const = 0;
};

} // namespace troupe::time_zone
