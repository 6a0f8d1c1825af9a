#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace troupe {
/// Stable over builds and machines: written to the journal.
std::uint64_t stable_hash(std::string_view text, std::uint64_t seed = 0) noexcept;

/// 32 hexadecimal digits that nobody finds a second text for: what definitions are known by.
std::string content_hash(std::string_view text);
} // namespace troupe
