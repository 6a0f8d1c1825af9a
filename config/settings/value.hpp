#pragma once

#include "config/result.hpp"
#include "config/settings/setting.hpp"

namespace troupe::config {

/// Reads a value as its setting wants it. fault::invalid: cannot be read; fault::refused: outside its bounds.
/// Messages never repeat a secret.
result<setting_value> parse_value(const setting& of, std::string_view text);

/// As it would be written; read back, it is the same value.
std::string format_value(const setting& of, const setting_value& value);

/// format_value, or eight stars for a secret that is set.
std::string show_value(const setting& of, const setting_value& value);

} // namespace troupe::config
