#include "cli/console/values.hpp"

#include "cli/console/printer.hpp"

#include <nlohmann/json.hpp>

namespace troupe::cli {

std::string cell(const json& object, const char* name) {
  if (!object.is_object() || !object.contains(name) || object[name].is_null())
    return {};
  const auto& value = object[name];
  if (value.is_string())
    return one_line(value.get<std::string>());
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

json array_at(const json& object, const char* name) {
  if (object.is_object() && object.contains(name) && object[name].is_array())
    return object[name];
  return json::array();
}

std::string counted(std::size_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

} // namespace troupe::cli
