#pragma once

#include <string_view>

namespace troupe::gateway {

/// What `troupe version`, /openapi.json and the metrics say; the same as in CMakeLists.txt (a test compares).
inline constexpr std::string_view version = "0.1.0";

} // namespace troupe::gateway
