#pragma once

#include "workflows/plan/step.hpp"

namespace troupe::workflow {

/// Nothing that follows the step is ever reached: it returns, fails or breaks in every case.
bool never_goes_on(const step& s);

/// A `return` inside may give the sequence's result.
bool returns_inside(const step& sequence);

bool lies_within(const step& inner, const step& outer);

/// Every step a step holds directly: members, branches, arms, bodies; not what undoes it.
steps parts_of(const step& s);

} // namespace troupe::workflow
