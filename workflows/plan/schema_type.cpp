#include "workflows/plan/schema_type.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace troupe::workflow {
namespace {

using expression::type;
using expression::type_kind;
using json = nlohmann::ordered_json;

// Schemas may refer to themselves; expressions look no deeper than this.
constexpr int depth_max = 16;

const json* resolve(const json& root, const json* at) {
  for (int hops = 0; hops < depth_max && at != nullptr && at->is_object() && at->contains("$ref"); ++hops) {
    const std::string target = at->at("$ref").get<std::string>();
    const json::json_pointer pointer(target.substr(1));
    at = root.contains(pointer) ? &root.at(pointer) : nullptr;
  }
  return at;
}

const json* part_at(const json& root, const std::vector<std::string>& path) {
  const json* at = resolve(root, &root);
  for (const std::string& name : path) {
    if (at == nullptr || !at->is_object() || !at->contains("properties") ||
        !at->at("properties").contains(name))
      return nullptr;
    at = resolve(root, &at->at("properties").at(name));
  }
  return at;
}

class type_maker {
public:
  explicit type_maker(const json& root)
      : root_(root) {}

  type of(const json& given, int depth) {
    const json* at = resolve(root_, &given);
    if (at == nullptr || !at->is_object() || depth > depth_max)
      return {};
    if (const auto several = at->find("type"); several != at->end() && several->is_array())
      return of_list(*at, *several, depth);
    if (at->contains("const"))
      return of_value(at->at("const"));
    if (!at->contains("type") && at->contains("enum"))
      return of_values(at->at("enum"));
    const std::string name = at->contains("type") ? at->at("type").get<std::string>() : implied(*at);
    return of_named(*at, name, depth);
  }

private:
  static std::string implied(const json& at) {
    return at.contains("properties") ? "object" : at.contains("items") ? "array" : "";
  }

  type of_named(const json& at, const std::string& name, int depth) {
    if (name == "object")
      return of_object(at, depth);
    if (name == "array")
      return type::list(at.contains("items") ? of(at.at("items"), depth + 1) : type());
    if (name == "string")
      return type_kind::text;
    if (name == "integer")
      return type_kind::integer;
    if (name == "number")
      return type_kind::number;
    if (name == "boolean")
      return type_kind::boolean;
    return name == "null" ? type(type_kind::null) : type();
  }

  // Of several types nothing is known, but for what may be null: an expression deals with that itself.
  type of_list(const json& at, const json& names, int depth) {
    std::vector<std::string> left;
    for (const json& name : names)
      if (name != "null")
        left.push_back(name.get<std::string>());
    const bool maybe_null = left.size() < names.size();
    return left.size() == 1 && !maybe_null ? of_named(at, left.front(), depth) : type();
  }

  static type of_value(const json& value) {
    if (value.is_string())
      return type_kind::text;
    if (value.is_boolean())
      return type_kind::boolean;
    return value.is_number_integer() ? type(type_kind::integer) : type();
  }

  static type of_values(const json& values) {
    type all = of_value(values.front());
    for (const json& value : values)
      all = expression::join(all, of_value(value));
    return all;
  }

  type of_object(const json& at, int depth) {
    const bool closed = at.contains("additionalProperties") && at.at("additionalProperties") == false;
    const bool varied = at.contains("patternProperties") || at.contains("allOf") || at.contains("anyOf") ||
                        at.contains("oneOf") || at.contains("additionalProperties");
    if (!at.contains("properties"))
      return at.contains("additionalProperties") && at.at("additionalProperties").is_object()
                 ? type::map(type_kind::text, of(at.at("additionalProperties"), depth + 1))
                 : type::object({}, true);
    std::vector<expression::field> fields;
    for (const auto& [name, shape] : at.at("properties").items())
      fields.push_back({name, of(shape, depth + 1), is_required(at, name)});
    // What a schema does not name it does not describe: reading it is a mistake unless the schema says more
    // may come.
    return type::object(std::move(fields), varied && !closed);
  }

  static bool is_required(const json& at, const std::string& name) {
    const auto required = at.find("required");
    return required != at.end() && std::find(required->begin(), required->end(), name) != required->end();
  }

  const json& root_;
};

} // namespace

type schema_type(const json& root) { return type_maker(root).of(root, 0); }

std::vector<std::string> schema_fields(const json& root, const std::vector<std::string>& path) {
  std::vector<std::string> names;
  const json* at = part_at(root, path);
  if (at != nullptr && at->is_object() && at->contains("properties"))
    for (const auto& [name, shape] : at->at("properties").items())
      names.push_back(name);
  return names;
}

bool schema_is_closed(const json& root, const std::vector<std::string>& path) {
  const json* at = part_at(root, path);
  return at != nullptr && at->is_object() && at->contains("additionalProperties") &&
         at->at("additionalProperties") == false;
}

} // namespace troupe::workflow
