#pragma once

#include "workflows/language/check/catalogue.hpp"
#include "workflows/language/read/draft.hpp"

namespace troupe::workflow {

/// Schedules that never fire, and time zones that are none.
void check_schedules(const draft& of, const catalogue& known, reporter& to);

} // namespace troupe::workflow
