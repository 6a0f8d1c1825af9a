#include "kernels/grammar/schema_shapes.hpp"

#include <nlohmann/json.hpp>

namespace troupe::kernels::grammar {

namespace {

constexpr int evaluated_depth_max = 32;

} // namespace

result<done> schema_shapes::read_objects(const json& schema, shape& to) {
  object_shape object;
  const auto least = count(schema, "minProperties");
  const auto most = count(schema, "maxProperties");
  if (!least || !most)
    return least ? fail(most) : fail(least);
  object.least = least->value_or(0);
  object.most = most->value_or(no_limit);
  for (const auto read : {&schema_shapes::read_members, &schema_shapes::read_unevaluated})
    if (auto did = (this->*read)(schema, object); !did)
      return did;
  if (object != object_shape{}) {
    for (auto& one : to.objects)
      one = algebra_.intersected(std::move(one), object);
    prune(to);
  }
  for (const char* keyword : {"dependencies", "dependentRequired", "dependentSchemas"})
    if (auto read = read_dependencies(schema, keyword, to); !read)
      return read;
  return done{};
}

result<done> schema_shapes::read_members(const json& schema, object_shape& object) {
  member_rules rules;
  if (const auto found = schema.find("properties"); found != schema.end()) {
    if (!found->is_object())
      return refuse(schema, "properties", "it is no object");
    for (const auto& [name, value] : found->items()) {
      const auto node = node_of(value);
      if (!node)
        return fail(node);
      rules.names[name] = *node;
    }
  }
  if (const auto found = schema.find("patternProperties"); found != schema.end()) {
    if (!found->is_object())
      return refuse(schema, "patternProperties", "it is no object");
    for (const auto& [source, value] : found->items()) {
      const auto names = pattern(schema, "patternProperties", source);
      const auto node = node_of(value);
      if (!names || !node)
        return names ? fail(node) : fail(names);
      rules.patterns.emplace_back(*names, *node);
    }
  }
  if (const auto found = schema.find("additionalProperties"); found != schema.end()) {
    const auto node = node_of(*found);
    if (!node)
      return fail(node);
    rules.others = *node;
  }
  if (rules != member_rules{})
    object.rules.push_back(std::move(rules));
  if (const auto found = schema.find("propertyNames"); found != schema.end()) {
    const auto names = shape_of(*found);
    if (!names)
      return fail(names);
    object.names = names->strings;
  }
  const auto required = schema.find("required");
  if (required == schema.end())
    return done{};
  if (!required->is_array())
    return refuse(schema, "required", "it is no list of names");
  for (const auto& name : *required) {
    if (!name.is_string())
      return refuse(schema, "required", "it is no list of names");
    object.required.insert(name.get<std::string>());
  }
  return done{};
}

result<done> schema_shapes::read_dependencies(const json& schema, const char* keyword, shape& to) {
  const auto found = schema.find(keyword);
  if (found == schema.end())
    return done{};
  if (!found->is_object())
    return refuse(schema, keyword, "it is no object");
  for (const auto& [name, then] : found->items()) {
    if (then.is_array() || then.is_string()) {
      object_shape implied;
      for (const auto& other : then.is_array() ? then : json::array({then}))
        implied.implied.emplace(name, other.is_string() ? other.get<std::string>() : other.dump());
      for (auto& one : to.objects)
        one = algebra_.intersected(std::move(one), implied);
      continue;
    }
    auto absent = shape::all();
    absent.objects = {with_rule(name, no_value)};
    const auto present = shape_of(then);
    auto without = narrowed(to, absent);
    if (!present || !without)
      return present ? fail(without) : fail(present);
    auto with = narrowed(to, *present);
    if (!with)
      return refuse(schema, keyword, with.error().message);
    // Types other than objects do not depend on anything.
    shape objects;
    objects.objects = with->objects;
    to = algebra_.united(std::move(*without), objects);
    if (to.objects.size() > alternatives_max)
      return refuse(schema, keyword, "too many alternatives");
  }
  return done{};
}

/// Like additionalProperties, behind everything that other schemas for the same object have said. That is
/// known as long as they all apply whatever the object.
result<done> schema_shapes::read_unevaluated(const json& schema, object_shape& object) {
  const auto found = schema.find("unevaluatedProperties");
  if (found == schema.end())
    return done{};
  member_rules rules;
  const auto node = node_of(*found);
  if (!node)
    return fail(node);
  rules.others = *node;
  if (auto gathered = gather_evaluated(schema, rules, true, 0); !gathered)
    return gathered;
  object.rules.push_back(std::move(rules));
  return done{};
}

result<done> schema_shapes::gather_evaluated(const json& schema, member_rules& rules, bool top, int depth) {
  if (!schema.is_object() || depth > evaluated_depth_max)
    return schema.is_boolean() ? result<done>(done{}) : refuse(schema, "unevaluatedProperties", "too deep");
  if (const auto names = schema.find("properties"); names != schema.end())
    for (const auto& [name, value] : names->items())
      rules.names[name] = any_value;
  if (const auto patterns = schema.find("patternProperties"); patterns != schema.end()) {
    for (const auto& [source, value] : patterns->items()) {
      const auto term = pattern(schema, "patternProperties", source);
      if (!term)
        return fail(term);
      rules.patterns.emplace_back(*term, any_value);
    }
  }
  if (schema.contains("additionalProperties") || (!top && schema.contains("unevaluatedProperties")))
    rules.others = any_value;
  if (schema.contains("$ref")) {
    const auto target = source_.target(schema);
    if (!target)
      return fail(target);
    if (auto gathered = gather_evaluated(**target, rules, false, depth + 1); !gathered)
      return gathered;
  }
  if (const auto all = schema.find("allOf"); all != schema.end())
    for (const auto& one : *all)
      if (auto gathered = gather_evaluated(one, rules, false, depth + 1); !gathered)
        return gathered;
  for (const char* keyword : {"anyOf", "oneOf", "if", "then", "else", "dependentSchemas", "dependencies"}) {
    const auto branches = schema.find(keyword);
    if (branches == schema.end())
      continue;
    member_rules said;
    const auto list =
        branches->is_array() || (branches->is_object() && std::string_view(keyword).starts_with("dep"));
    for (const auto& one : list ? *branches : json::array({*branches}))
      if (auto gathered = one.is_array() ? done{} : gather_evaluated(one, said, false, depth + 1); !gathered)
        return gathered;
    if (said != member_rules{})
      return refuse(schema, "unevaluatedProperties",
                    std::string("what ") + keyword + " says depends on the object");
  }
  return done{};
}

} // namespace troupe::kernels::grammar
