#pragma once

#include "runtime/agent/kind.hpp"
#include "workflows/run/catalog.hpp"

#include <memory>

namespace troupe::workflow {

/// The kind `workflow`: an agent for each run.
kind_spec run_kind(std::shared_ptr<const catalog> known);

} // namespace troupe::workflow
