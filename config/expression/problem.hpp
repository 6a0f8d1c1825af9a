#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace troupe::expression {

/// Bytes of the expression's text, or, in a template, of the whole string: first and one past the last.
struct span {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool operator==(const span&) const = default;
};

/// What is wrong. Closed; docs/expressions.md explains each under the name that to_string gives.
enum class code : std::uint8_t {
  syntax,       // cannot be read
  unsupported,  // CEL, but not in the subset
  undeclared,   // no such variable
  unknown_call, // no such function
  no_overload,  // the operator or function does not take these types
  no_field,     // the type has no such field
  no_key,       // the map has no such key
  no_index,     // the list is shorter
  range,        // a number or a time beyond what its type holds
  overflow,     // arithmetic beyond 64 bits
  division_by_zero,
  conversion,   // the text is no number, no bool, no time, no UTF-8
  repeated_key, // of a map
  bad_pattern,  // no regular expression of RE2
  time_zone,    // no such zone
  limit,        // too long, too deep, too slow, too large
  denied,       // the surroundings refuse the variable here
  template_text // a `${{` without its end, or nothing in it
};

std::string_view to_string(code c) noexcept;

/// One mistake.
struct problem {
  code what = code::syntax;
  std::string message; // one sentence, no full stop
  span at;
  std::string hint; // may be empty
};

} // namespace troupe::expression
