#pragma once

#include "config/expression/value.hpp"

#include <string>
#include <string_view>

namespace troupe::workflow {

// Fields of values of which it is not known that they are maps: answers, messages, what a verb remembers.

/// Null when there is none.
const expression::value* field(const expression::value& of, std::string_view name);
/// Null (the value) when there is none.
const expression::value& part(const expression::value& of, std::string_view name);
/// Empty when it is no text.
std::string text_in(const expression::value& of, std::string_view name);
bool flag_in(const expression::value& of, std::string_view name);

/// The same map with one field more, or another one under its name.
expression::value with_field(const expression::value& map, const std::string& name, expression::value v);

} // namespace troupe::workflow
