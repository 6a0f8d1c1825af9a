#pragma once

#include "gateway/http/api_error.hpp"
#include "gateway/http/limits.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace troupe::gateway {

/// Reads JSON from strangers: duplicate keys, depth, number of values and broken UTF-8 are refused, each with
/// where it is. Integers keep 64 bits; other numbers become doubles.
checked<nlohmann::json> parse_json(std::string_view text, const http_limits& limits);

/// One line; bytes that are no UTF-8 (only ever from a damaged store) become U+FFFD instead of an exception.
std::string json_text(const nlohmann::json& value);

} // namespace troupe::gateway
