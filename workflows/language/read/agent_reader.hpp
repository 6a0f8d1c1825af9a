#pragma once

#include "workflows/language/read/file_reader.hpp"

namespace troupe::workflow {

/// The agent of a file whose shape was checked.
agent_draft read_agent(const config::node& root, reporter& to);

} // namespace troupe::workflow
