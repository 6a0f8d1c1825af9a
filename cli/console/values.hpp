#pragma once

#include "runtime/base/json_fwd.hpp"

#include <string>

namespace troupe::cli {

/// A member of an object as one cell of text: strings bare, null and absence empty, all else as JSON.
std::string cell(const json& object, const char* name);

/// A member that is an array; absent or other: an empty one.
json array_at(const json& object, const char* name);

/// "3 agents", "1 agent".
std::string counted(std::size_t count, const std::string& noun);

} // namespace troupe::cli
