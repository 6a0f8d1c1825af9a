#pragma once

#include "workflows/language/grammar/shape.hpp"
#include "workflows/language/reporter.hpp"

#include <optional>

namespace troupe::workflow {

/// Level 1: spelling, kinds, bounds, what is missing and what is too much. `named_by` is shown for what is
/// missing: the key that holds `value`, or the value itself.
void check_shape(const config::node& value, const grammar::shape& as, const config::node& named_by,
                 reporter& to);

/// A step: exactly one verb and attributes that it takes.
void check_step_shape(const config::node& value, reporter& to);

/// Why a text cannot be such a name; nothing if it can. `form` is identifier, label or kind.
std::optional<std::string> name_problem(std::string_view text, grammar::form form);

/// A value that YAML took apart: `- ${{ a ? b : c }}` is a map to it. Reports and says true.
bool broken_by_yaml(const config::node& value, reporter& to);

/// "a, b or c".
std::string either_of(std::string_view words);

} // namespace troupe::workflow
