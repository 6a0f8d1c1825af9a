#pragma once

#include "config/expression/type.hpp"

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace troupe::workflow {

/// What a compiled JSON Schema says about the type of a value: what it leaves open is dyn.
expression::type schema_type(const nlohmann::ordered_json& root);

/// The properties of the object that lies under `path`, in the order written.
std::vector<std::string> schema_fields(const nlohmann::ordered_json& root,
                                       const std::vector<std::string>& path);

/// That object says `additionalProperties: false`.
bool schema_is_closed(const nlohmann::ordered_json& root, const std::vector<std::string>& path);

} // namespace troupe::workflow
