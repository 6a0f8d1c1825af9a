#pragma once

#include "cluster/member/member.hpp"
#include "config/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace troupe::cluster {

/// Control is never queued behind data, data never behind what is large.
enum class link_lane : std::uint8_t { control = 0, data = 1, bulk = 2 };
inline constexpr std::size_t link_lanes = 3;

namespace protocol {
inline constexpr std::uint32_t version_min = 1;
inline constexpr std::uint32_t version_max = 1;
} // namespace protocol

namespace link_limits {
inline constexpr std::size_t greeting_bytes = 4096;
inline constexpr std::size_t frame_bytes = 20u << 20; // of a batch
inline constexpr std::size_t message_bytes = 16u << 20;
inline constexpr std::size_t batch_bytes = 64u << 10; // a write is drained up to this
inline constexpr std::size_t credit_bytes = 4u << 20; // unacknowledged on one lane
inline constexpr std::size_t queue_bytes = 16u << 20; // waiting on one lane; beyond it nothing is taken
} // namespace link_limits

/// What the side that dials says first.
struct greeting {
  std::uint32_t version_min = protocol::version_min;
  std::uint32_t version_max = protocol::version_max;
  std::string cluster; // the store's id
  node_epoch from = 0;
  node_epoch to = 0;
  link_lane lane = link_lane::control;
};

/// What the other side answers.
struct welcome {
  std::uint32_t version = protocol::version_max;
  std::uint64_t received = 0;
  std::uint64_t credit = link_limits::credit_bytes;
  std::string refused; // not empty: why there will be no link
};

std::string encode(const greeting& g);
result<greeting> decode_greeting(std::string_view bytes);
std::string encode(const welcome& w);
result<welcome> decode_welcome(std::string_view bytes);

/// Why a greeting is turned away; empty: it is welcome. `lives` knows the members.
std::string refusal(const greeting& g, const std::string& cluster, node_epoch self, bool lives);

} // namespace troupe::cluster
