#include "config/expression/problem.hpp"

#include <array>

namespace troupe::expression {
namespace {

constexpr std::array<std::string_view, 18> names{
    "syntax",       "unsupported", "undeclared", "unknown_call", "no_overload",      "no_field",
    "no_key",       "no_index",    "range",      "overflow",     "division_by_zero", "conversion",
    "repeated_key", "bad_pattern", "time_zone",  "limit",        "denied",           "template"};

} // namespace

std::string_view to_string(code c) noexcept { return names[static_cast<std::size_t>(c)]; }

} // namespace troupe::expression
