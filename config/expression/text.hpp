#pragma once

#include "config/expression/problem.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace troupe::expression {

/// A double in decimal, with a sign or without; also inf and nan in any case. Nothing when there is more, or
/// when it does not fit.
std::optional<double> read_double(std::string_view text);

/// The shortest text that reads back as the same double, without an exponent where that stays readable.
std::string write_double(double number);

/// Bytes of the character at the front: 1 to 4; 0 when the text is empty or does not start with one.
std::size_t character_length(std::string_view text) noexcept;

void append_character(std::string& to, std::uint32_t code_point);

/// The inside of a quoted string. The failure is the place of a bad escape.
tl::expected<std::string, span> unescape_text(std::string_view inside);
tl::expected<std::string, span> unescape_bytes(std::string_view inside);

} // namespace troupe::expression
