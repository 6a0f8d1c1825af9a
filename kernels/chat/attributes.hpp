#pragma once

#include "kernels/chat/object.hpp"

namespace troupe::kernels::chat {

/// Jinja's value.name: an attribute (for most kinds a method), else an item, else undefined.
value get_attribute(machine& with, const value& of, const std::string& name);

/// Jinja's value[key]: an item, else an attribute, else undefined.
value get_item(machine& with, const value& of, const value& key);

/// The attribute alone; nothing if there is none. Items do not count.
std::optional<value> own_attribute(machine& with, const value& of, const std::string& name);

/// value[first:last:step]; None where a bound is left out.
value get_slice(machine& with, const value& of, const value& first, const value& last, const value& step);

/// Methods of strings, dicts and lists by their names; null if there is none.
builtin::body text_method(std::string_view name);
builtin::body mapping_method(std::string_view name);
builtin::body sequence_method(std::string_view name, bool list);
/// Methods that would change what they are called on: the sandbox hides them.
bool is_forbidden(builtin::body method);

} // namespace troupe::kernels::chat
