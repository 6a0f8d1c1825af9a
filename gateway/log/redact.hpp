#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace troupe::gateway {

/// A key whose value must not be shown: password, token, api_key, authorization and their like.
bool names_a_secret(std::string_view key);

/// Strikes out the values of such keys, at any depth.
void redact(nlohmann::json& value);

} // namespace troupe::gateway
