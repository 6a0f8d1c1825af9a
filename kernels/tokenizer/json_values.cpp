#include "kernels/tokenizer/json_values.hpp"

#include <nlohmann/json.hpp>

namespace troupe::kernels::json_values {

const json& member(const json& from, const char* key) {
  static const json nothing;
  if (!from.is_object())
    return nothing;
  const auto found = from.find(key);
  return found == from.end() ? nothing : *found;
}

std::string text_or(const json& from, const char* key, std::string otherwise) {
  const auto& value = member(from, key);
  return value.is_string() ? value.get<std::string>() : std::move(otherwise);
}

bool flag_or(const json& from, const char* key, bool otherwise) {
  const auto& value = member(from, key);
  return value.is_boolean() ? value.get<bool>() : otherwise;
}

result<std::string> text(const json& from, const char* key, const std::string& what) {
  const auto& value = member(from, key);
  if (!value.is_string())
    return fail(fault::corrupt, what + " has no text \"" + key + "\"");
  return value.get<std::string>();
}

} // namespace troupe::kernels::json_values
