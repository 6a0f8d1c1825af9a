#pragma once

#include "runtime/agent/kind.hpp"
#include "workflows/run/catalog.hpp"

#include <memory>

namespace troupe::workflow {

/// The kind that an agent file describes.
kind_spec file_kind(const agent_plan& file, std::shared_ptr<const catalog> known);

} // namespace troupe::workflow
