#pragma once

#include "gateway/http/route_table.hpp"

#include <string>

namespace troupe::gateway {

/// The OpenAPI 3.1 description of a route table, as JSON text.
std::string openapi_text(const route_table& table);

} // namespace troupe::gateway
