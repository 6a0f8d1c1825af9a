#pragma once

#include "workflows/language/check/catalogue.hpp"
#include "workflows/language/read/file_reader.hpp"

#include <vector>

namespace troupe::workflow {

/// Tests against the workflow they are of, which is among `files`: names that nothing has, inputs and answers
/// that do not fit.
void check_tests(file_draft& tests, const std::vector<file_draft*>& files, const catalogue& known);

} // namespace troupe::workflow
