#pragma once

#include "kernels/chat/object.hpp"

#include <limits>

namespace troupe::kernels::chat {

// What Python's str does, for methods and filters alike. Positions and widths count characters.

/// Without `set`, white space.
std::string stripped(std::string_view text, const std::optional<std::string>& set, bool left, bool right);

/// `count` < 0: all of them.
std::string replaced(machine& with, std::string_view text, std::string_view what, std::string_view by,
                     std::int64_t count);

std::vector<std::string> split_lines(std::string_view text, bool keep_ends);
std::vector<std::string> split_words(std::string_view text, std::int64_t most);

/// As the first letter of a title; it may become several.
std::string title_of(char32_t c);
/// First letter upper, the rest lower.
std::string capitalized(std::string_view text);
std::string centered(machine& with, const std::string& text, std::int64_t width, std::string_view fill);
std::string spaces(machine& with, std::int64_t count);

/// Python's line ends.
bool is_line_end(char32_t c);

} // namespace troupe::kernels::chat
