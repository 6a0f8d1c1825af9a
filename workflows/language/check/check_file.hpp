#pragma once

#include "workflows/language/check/catalogue.hpp"
#include "workflows/language/read/file_reader.hpp"

namespace troupe::workflow {

/// Levels 2 to 5 of one file, against what is known of the others.
void check_file(file_draft& file, const catalogue& known);

} // namespace troupe::workflow
