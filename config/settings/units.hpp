#pragma once

#include "config/result.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace troupe::config {

/// 250ms, 30s, 5m, 2h, 1d, and sums from large to small: 1h30m. A number without a unit is refused.
result<std::chrono::milliseconds> parse_duration(std::string_view text);

/// The shortest form that parse_duration reads back: 90s is 1m30s, 0 is 0s.
std::string format_duration(std::chrono::milliseconds span);

/// 4096, 32KiB, 512MiB, 1GiB, 1TiB. Powers of ten (KB, MB) are refused: half the world reads them otherwise.
result<std::int64_t> parse_size(std::string_view text);

/// In the largest unit that divides it: 32768 is 32KiB, 1000 is 1000.
std::string format_size(std::int64_t bytes);

/// A whole number in decimal, with a sign or without.
result<std::int64_t> parse_count(std::string_view text);

} // namespace troupe::config
