#pragma once

#include <string_view>

namespace troupe::workflow {

/// The path of a 20 by 20 picture for a verb; strokes only.
std::string_view icon_of(std::string_view verb);

/// The same, 16 by 16, for a state of a run.
std::string_view badge_of(std::string_view state);

} // namespace troupe::workflow
