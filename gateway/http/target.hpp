#pragma once

#include "gateway/http/api_error.hpp"
#include "gateway/http/limits.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace troupe::gateway {

/// A request target in pieces. Segments are split before they are decoded: a %2F inside a key stays in the
/// key.
struct request_target {
  std::string path;                  // as it came, without the query
  std::vector<std::string> segments; // decoded, valid UTF-8
  named_values query;                // decoded, each name once
};

/// Only the origin form (`/path?query`) is taken.
checked<request_target> parse_target(std::string_view target, const http_limits& limits);

/// Refuses broken escapes, bytes that are no UTF-8, and NUL. In a query `+` stands for a space.
checked<std::string> percent_decode(std::string_view text, bool plus_is_space);

/// Escapes everything but the unreserved characters of RFC 3986.
std::string percent_encode(std::string_view text);

} // namespace troupe::gateway
