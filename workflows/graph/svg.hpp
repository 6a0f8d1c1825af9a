#pragma once

#include "workflows/graph/diagram.hpp"

#include <string>

namespace troupe::workflow {

/// The diagram as one SVG document that needs nothing else: light and dark follow the viewer. `whole` is laid
/// out already.
std::string render_svg(const box& whole, const std::string& title);

} // namespace troupe::workflow
