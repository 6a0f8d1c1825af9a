#pragma once

#include <chrono>
#include <cstddef>

namespace troupe::http::limits {

/// Connections kept open for reuse, per transport.
inline constexpr std::size_t idle_connections = 16;

/// How soon a canceled call is noticed while nothing arrives.
inline constexpr std::chrono::milliseconds cancel_poll{50};

/// Headers of an answer that are kept; curl refuses lines over 100 KiB and 300 KiB of them together.
inline constexpr std::size_t headers_max = 256;

} // namespace troupe::http::limits
