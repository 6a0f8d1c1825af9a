#pragma once

#include "runtime/base/text.hpp"

#include <algorithm>

namespace troupe::storage::postgres {

/// `text` as a column of type text takes it: valid UTF-8 without zero bytes.
inline std::string readable(std::string_view text) {
  std::string clean = as_utf8(text);
  std::replace(clean.begin(), clean.end(), '\0', '?');
  return clean;
}

} // namespace troupe::storage::postgres
