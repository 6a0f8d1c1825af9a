#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace troupe {

/// Store time: milliseconds since the Unix epoch, never backwards within a node.
using instant = std::chrono::sys_time<std::chrono::milliseconds>;
using std::chrono::milliseconds;

inline constexpr instant never = instant::max();

inline std::int64_t to_ms(instant t) { return t.time_since_epoch().count(); }
/// `d` after `t`; what lies beyond the end of time is `never`.
inline instant later(instant t, milliseconds d) { return d > never - t ? never : t + d; }
inline instant from_ms(std::int64_t ms) { return instant(milliseconds(ms)); }

/// RFC 3339 in UTC with milliseconds: 2026-11-20T18:38:00.000Z; "never" for what does not happen.
std::string to_rfc3339(instant t);

/// Where time comes from. Production reads the system; tests hand in their own.
class clock_source {
public:
  virtual ~clock_source() = default;
  virtual instant now() = 0;
};

/// Where randomness comes from: one seed replays everything.
class random_source {
public:
  virtual ~random_source() = default;
  virtual std::uint64_t next() = 0;
};

} // namespace troupe
