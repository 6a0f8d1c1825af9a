#pragma once

#include "runtime/base/json_fwd.hpp"

#include <string>
#include <string_view>

namespace troupe {

bool is_utf8(std::string_view text) noexcept;

/// For text nobody here wrote, like what an exception says: each byte that is no UTF-8 becomes U+FFFD, or the
/// text could not be put into JSON later.
std::string as_utf8(std::string_view text);

/// Discarded when `text` is no JSON, or nested deeper than limits::document_depth_max: copies and dumps of
/// JSON recurse, and a megabyte of brackets from outside would overflow the stack of whoever touches it.
json read_json(std::string_view text);

} // namespace troupe
