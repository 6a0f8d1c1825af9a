#pragma once

#include "workflows/language/grammar/shape.hpp"

/// Shapes that both steps and files use.
namespace troupe::workflow::grammar {

inline constexpr shape any_value{.is = form::value};
inline constexpr shape condition{.is = form::condition};
inline constexpr shape plain_text{.is = form::text};
inline constexpr shape formula_text{.is = form::formula_text};
inline constexpr shape identifier{.is = form::identifier};
inline constexpr shape kind_name{.is = form::kind};
inline constexpr shape flag{.is = form::boolean};
inline constexpr shape duration{.is = form::duration};
inline constexpr shape json_schema{.is = form::schema};
inline constexpr shape step_list{.is = form::steps};
inline constexpr shape version_number{.is = form::count, .least = 0, .most = 1'000'000'000};
inline constexpr shape error_kinds{.is = form::list, .of = &kind_name, .least = 1};
inline constexpr shape named_values{.is = form::named, .names = true, .of = &any_value};

extern const shape retry;
extern const shape budget;

} // namespace troupe::workflow::grammar
