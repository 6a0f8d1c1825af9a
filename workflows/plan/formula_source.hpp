#pragma once

#include "workflows/plan/formula.hpp"

#include <string>

namespace troupe::workflow {

/// A value as its file has it, for people: an expression without its `${{ }}`, text with them inside, JSON
/// for the rest. Empty when it is absent.
std::string source_of(const formula& f);

} // namespace troupe::workflow
