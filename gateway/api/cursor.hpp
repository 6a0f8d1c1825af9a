#pragma once

#include "gateway/http/api_error.hpp"

#include <string>
#include <string_view>

namespace troupe::gateway {

/// A store's cursor may hold any bytes; outside it is opaque text, safe in a URL.
std::string cursor_to_text(std::string_view inner);
checked<std::string> cursor_from_text(std::string_view text);

} // namespace troupe::gateway
