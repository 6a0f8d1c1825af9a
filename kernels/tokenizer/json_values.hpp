#pragma once

#include "kernels/base/result.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string>

/// Members of JSON that somebody else wrote, where absence and a wrong type have the same meaning.
namespace troupe::kernels::json_values {

using nlohmann::json;

/// Null if it is not there, or if `from` is no object.
const json& member(const json& from, const char* key);
std::string text_or(const json& from, const char* key, std::string otherwise);
bool flag_or(const json& from, const char* key, bool otherwise);

/// Text that must be there. `what` stands in the error.
result<std::string> text(const json& from, const char* key, const std::string& what);

} // namespace troupe::kernels::json_values
