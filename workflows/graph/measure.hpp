#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace troupe::workflow {

enum class face : unsigned char { plain, strong, code };

/// How wide a text is drawn at a size, about: by the widths that common sans-serif faces have, and a little
/// more, for a box that is too wide looks better than a text that leaves it.
double text_width(std::string_view utf8, face in, double size);

/// Cut to a width, with an ellipsis.
std::string fitted(const std::string& utf8, face in, double size, double width);

/// In at most `lines` lines, broken at blanks where there are some; the last one is cut.
std::vector<std::string> wrapped(const std::string& utf8, face in, double size, double width,
                                 std::size_t lines);

} // namespace troupe::workflow
