#pragma once

#include "config/result.hpp"
#include "workflows/graph/diagram.hpp"

#include <string>

namespace troupe::workflow {

/// Puts a run on the diagram of its workflow: `view` is what GET /v1/runs/{id} answers. All iterations of a
/// step count together; the worst of their states is shown. invalid: it is no such view.
result<void> overlay(box& onto, const std::string& view);

} // namespace troupe::workflow
