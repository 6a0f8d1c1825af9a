#pragma once

#include "workflows/language/read/file_reader.hpp"

#include <vector>

namespace troupe::workflow {

/// A workflow that waits for itself, through others or not, never ends. Each cycle is told once.
void refuse_cycles(const std::vector<file_draft*>& files);

} // namespace troupe::workflow
