#pragma once

#include <string>
#include <string_view>

namespace troupe::expression {

/// As Unicode does it, the same in every language: "STRASSE" for "straße".
std::string to_lower(std::string_view text);
std::string to_upper(std::string_view text);

} // namespace troupe::expression
