#pragma once

#include "workflows/language/reporter.hpp"
#include "workflows/plan/schema.hpp"

#include <optional>

namespace troupe::workflow {

/// A JSON Schema in a file; `definitions` is the file's `$defs`. Null when it cannot be used, which is
/// reported at the part that is wrong. `object_implied`: a value is an object even if the schema does not say
/// so.
std::shared_ptr<const schema> read_schema(const config::node& at,
                                          const std::optional<config::node>& definitions, bool object_implied,
                                          reporter& to);

} // namespace troupe::workflow
