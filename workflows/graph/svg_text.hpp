#pragma once

#include <string>
#include <string_view>

namespace troupe::workflow {

/// A number as SVG has it, to a tenth.
std::string number(double n);

/// Text made safe for XML, control characters included.
std::string xml(std::string_view text);

/// One line of text; `classes` says face and colour, `anchor` start or middle.
std::string text_element(double x, double y, std::string_view classes, std::string_view anchor,
                         std::string_view text);

/// The style sheet of every graph, for light and for dark surroundings.
std::string_view style_sheet();

} // namespace troupe::workflow
