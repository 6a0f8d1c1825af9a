#pragma once

#include "config/result.hpp"
#include "runtime/door/node_api.hpp"
#include "workflows/run/deployed.hpp"

namespace troupe::cli {

/// Tells every schedule of the deployed workflows what the file says now, and those that no file has any more
/// that they are gone. Returns once all of it is durable.
result<void> publish_schedules(node_api& node, const workflow::deployed_catalog& deployed);

} // namespace troupe::cli
