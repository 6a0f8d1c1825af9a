#pragma once

#include "config/diagnostic/diagnostic.hpp"
#include "config/settings/setting.hpp"

#include <vector>

namespace troupe::config {

/// A valid value in a settings file, and where.
struct file_value {
  const setting* of = nullptr;
  setting_value value;
  range key;
  range where;
};

/// The values in a settings file (YAML; keys nested, dotted or both). Unknown keys, wrong types and values
/// out of bounds go to `found`, each with its place; the valid rest is returned all the same.
std::vector<file_value> read_settings_file(const source& file, std::span<const setting> table,
                                           diagnostics& found);

} // namespace troupe::config
