#pragma once

#include <string_view>

namespace troupe::kernels::grammar {

/// The expression for a format of JSON Schema's vocabulary; empty for names that are only a remark.
std::string_view format_named(std::string_view name);

} // namespace troupe::kernels::grammar
