#pragma once

#include "runtime/base/json_fwd.hpp"
#include "runtime/task/task.hpp"

namespace troupe {
class context;
}

namespace troupe::test {

/// A handler that walks a program drawn from its seed: effects of every kind, children, joins within joins,
/// failures caught and not. What it does next depends on every answer before, so a replay that gets one of
/// them wrong goes astray; its reply is the trace of all it saw.
task<json> random_program(context& ctx, json seed);

} // namespace troupe::test
