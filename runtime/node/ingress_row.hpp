#pragma once

#include "config/result.hpp"
#include "runtime/door/node_api.hpp"
#include "runtime/effects/outcome.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace troupe {

/// Row of class `ingress`: what a key from outside stands for, and the reply once there is one.
struct ingress_row {
  std::uint64_t body_hash = 0;
  std::string message;
  std::string trace;
  bool is_call = false;
  std::optional<outcome> reply;
};
std::string encode(const ingress_row& row);
result<ingress_row> decode_ingress(std::string_view bytes);

/// (tenant, principal, target, key): the same key from another principal or for another target is another
/// one.
std::string dedupe_key(const inject_request& request);
std::uint64_t body_hash(const inject_request& request);

} // namespace troupe
