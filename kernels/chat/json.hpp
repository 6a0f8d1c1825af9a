#pragma once

#include "kernels/base/result.hpp"
#include "kernels/chat/object.hpp"

namespace troupe::kernels::chat {

/// JSON text to a value: keys in their order, integers beyond 64 bits as they are spelled. `invalid` with the
/// place otherwise.
result<value> read_json(std::string_view text);

struct json_layout {
  std::optional<std::string> indent; // of one level; none: all on one line
  std::string item_separator = ", ";
  std::string key_separator = ": ";
  bool ascii_only = false;
  bool sorted = false;
};

/// As Python's json.dumps writes it; throws template_failure for what JSON has not.
std::string to_json(machine& with, const value& what, const json_layout& how);

} // namespace troupe::kernels::chat
