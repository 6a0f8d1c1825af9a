#pragma once

#include "kernels/chat/object.hpp"

namespace troupe::kernels::chat {

// What Python does with values, as templates see it. All throw template_failure where Python raises.

bool is_true(const value& v);

/// str(v) and repr(v).
std::string to_text(const value& v);
std::string shown(const value& v, std::size_t level = 0);
std::string shown_text(std::string_view text);
std::string shown_real(double number);

/// "str", "int" … for errors.
std::string type_name(const value& v);

bool equal(const value& a, const value& b);
/// Below 0, 0 or above; `sign` stands in the error.
int compare(const value& a, const value& b, std::string_view sign);
bool contains(machine& with, const value& all, const value& one);

/// Stops at an undefined value: whatever is done with it, Jinja says what it is.
void require_defined(const value& v);

value arithmetic(machine& with, std::string_view sign, const value& a, const value& b);
value negated(const value& v);

/// Goes through lists, keys, characters, generators.
std::unique_ptr<iteration> iterate(const value& v);
value_list to_list(machine& with, const value& v);
/// len(v)
std::size_t length_of(const value& v);

/// A whole number where Python takes an index or a count; `what` stands in the error.
std::int64_t to_index(const value& v, std::string_view what);

} // namespace troupe::kernels::chat
