#pragma once

#include "kernels/chat/syntax.hpp"

#include <string_view>

namespace troupe::kernels::chat {

/// Statements within statements.
inline constexpr std::size_t statement_depth_max = 50;

/// Throws template_failure with the line.
program parse_template(std::string_view source);

} // namespace troupe::kernels::chat
