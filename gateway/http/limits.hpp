#pragma once

#include "config/limits.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace troupe::gateway {

/// What one listener allows. Each bound keeps one client from starving the others.
struct http_limits {
  std::uint32_t header_bytes = 16 * 1024; // tokens and cookies fit; a flood of fields does not
  std::uint64_t body_bytes = 1024 * 1024; // a message is a message; large things go by reference
  std::size_t connections = 512;          // times body_bytes is the memory that strangers can claim
  std::size_t target_bytes = 4 * 1024;    // an address is at most 256 bytes, percent-encoded three times that
  std::size_t json_depth = 64;            // bounds the recursion of whoever walks the value
  std::size_t json_values = 100'000;      // a body of one million empty arrays costs far more than its bytes
  std::chrono::milliseconds header_time{10'000};
  std::chrono::milliseconds body_time{30'000};
  std::chrono::milliseconds idle_time{60'000};
  std::chrono::milliseconds write_time{30'000};
  std::chrono::milliseconds linger_time{1'000};        // a refused client may still read the answer
  std::chrono::milliseconds wait_max{300'000};         // longest ?wait=
  std::chrono::milliseconds stream_pause{50};          // how stale a stream of events may be
  std::chrono::milliseconds stream_keep_alive{15'000}; // a line for proxies and to find out who is gone
  std::chrono::milliseconds handler_time{330'000}; // beyond wait_max: an answer that late is a defect of ours
};

inline constexpr std::size_t page_limit_default = 100;
inline constexpr std::size_t page_limit_max = 1'000;  // a page is one response body
inline constexpr std::size_t reason_bytes_max = 1024; // a sentence for the history
inline constexpr std::size_t cursor_bytes_max = 2048;
inline constexpr std::size_t name_bytes_max = 256; // of a workflow, a state, a person
inline constexpr std::size_t search_bytes_max = 1024;
inline constexpr std::size_t note_bytes_max = 16 * 1024; // what a person writes beside a decision

} // namespace troupe::gateway
