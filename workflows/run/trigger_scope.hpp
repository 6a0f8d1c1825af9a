#pragma once

#include "workflows/run/state.hpp"

namespace troupe::workflow {

/// What a formula of `on` gives: `event` is what came, `run.now` the time.
result<value> evaluate_trigger(const formula& f, const kept_plan& of, const value& event, instant now);

} // namespace troupe::workflow
