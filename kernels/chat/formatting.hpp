#pragma once

#include "kernels/chat/object.hpp"

namespace troupe::kernels::chat {

/// "%s of %d" % arguments, which is a tuple, a dict or the only one.
std::string format_percent(machine& with, std::string_view format, const value& arguments);

/// "{} of {name!r:>5}".format(…)
std::string format_braces(machine& with, std::string_view format, const arguments& args);

/// One value by a specification such as ">8.2f".
std::string format_value(machine& with, const value& what, std::string_view specification);

/// Wider than this nobody formats.
inline constexpr std::size_t format_width_max = 100'000;

} // namespace troupe::kernels::chat
