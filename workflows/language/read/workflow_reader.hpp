#pragma once

#include "workflows/language/read/draft.hpp"

namespace troupe::workflow {

/// The plan of a workflow file whose shape was checked.
draft read_workflow(const config::node& root, reporter& to);

/// One line of JSON, and the hash that runs are pinned to. Reported when JSON cannot say it.
std::string canonical_text(const config::node& root, reporter& to);

} // namespace troupe::workflow
