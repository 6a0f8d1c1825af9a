#pragma once

#include "workflows/language/grammar/shape.hpp"

namespace troupe::workflow::grammar {

/// The keys of a file of tests.
extern const shape test_file;

} // namespace troupe::workflow::grammar
