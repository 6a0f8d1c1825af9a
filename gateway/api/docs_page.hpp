#pragma once

#include <string_view>

namespace troupe::gateway {

/// A page that reads /openapi.json and lets its reader try the GET routes. Needs nothing from elsewhere.
std::string_view docs_page() noexcept;

} // namespace troupe::gateway
