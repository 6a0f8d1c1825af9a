#pragma once

#include "config/expression/value.hpp"
#include "config/result.hpp"

#include <nlohmann/json_fwd.hpp>

namespace troupe::expression {

/// Whole numbers become ints (uints above the largest int), others doubles. Refused: nesting beyond
/// limits::document_depth_max, binary values.
result<value> from_json(const nlohmann::json& from);

/// Bytes as base64, timestamps as RFC 3339, durations as `1.5s`, doubles that JSON cannot hold as "nan",
/// "inf" and "-inf", types by their names, keys of maps as text. Refused: a map in which two keys become one
/// text, and nesting beyond what from_json takes.
result<nlohmann::json> to_json(const value& from);

} // namespace troupe::expression
