#include "workflows/language/explain/editor_schema.hpp"

#include "workflows/language/grammar/files.hpp"
#include "workflows/language/grammar/steps.hpp"
#include "workflows/language/grammar/tests.hpp"

#include <limits>
#include <nlohmann/json.hpp>

namespace troupe::workflow {
namespace {

using grammar::form;
using grammar::shape;
using json = nlohmann::ordered_json;

constexpr auto unbounded = std::numeric_limits<std::int64_t>::max();

std::vector<std::string> split(std::string_view words) {
  std::vector<std::string> all;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    all.emplace_back(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return all;
}

json typed(const char* type) { return {{"type", type}}; }

json expression_text() { return {{"type", "string"}, {"pattern", "\\$\\{\\{"}}; }

json or_expression(json plain) { return {{"anyOf", json::array({std::move(plain), expression_text()})}}; }

json matching(const char* pattern) { return {{"type", "string"}, {"pattern", pattern}}; }

json bounded(json made, const char* least, const char* most, const shape& s) {
  if (s.least != 0)
    made[least] = s.least;
  if (s.most != unbounded)
    made[most] = s.most;
  return made;
}

json schema_of(const shape& s);

json map_schema(const shape& s) {
  json properties = json::object();
  json required = json::array();
  for (const grammar::key& k : s.keys) {
    json one = schema_of(*k.holds);
    one["description"] = std::string(k.doc);
    properties[std::string(k.name)] = std::move(one);
    if (k.required)
      required.push_back(std::string(k.name));
  }
  json made{{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
  if (!required.empty())
    made["required"] = std::move(required);
  if (s.least > 0)
    made["minProperties"] = s.least;
  for (const std::string& name : split(s.one_of))
    made["oneOf"].push_back({{"required", json::array({name})}});
  return made;
}

json named_schema(const shape& s) {
  json made{{"type", "object"}, {"additionalProperties", schema_of(*s.of)}};
  if (s.names)
    made["propertyNames"] = {{"pattern", "^[A-Za-z_][A-Za-z0-9_]*$"}};
  return bounded(std::move(made), "minProperties", "maxProperties", s);
}

json list_schema(const shape& s) {
  return bounded({{"type", "array"}, {"items", schema_of(*s.of)}}, "minItems", "maxItems", s);
}

json schema_of(const shape& s) {
  constexpr auto span = "^([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$";
  switch (s.is) {
  case form::value:
    return json::object();
  case form::condition:
    return or_expression(typed("boolean"));
  case form::text:
    return typed("string");
  case form::formula_text:
    return {{"type", json::array({"string", "number"})}};
  case form::identifier:
    return matching("^[A-Za-z_][A-Za-z0-9_]{0,62}$");
  case form::label:
    return matching("^[a-z0-9-]{1,63}$");
  case form::kind:
    return matching("^[A-Za-z_][A-Za-z0-9_.*-]{0,62}$");
  case form::word:
    return {{"enum", split(s.words)}};
  case form::boolean:
    return typed("boolean");
  case form::count:
    return bounded(typed("integer"), "minimum", "maximum", s);
  case form::count_or_formula:
    return or_expression(bounded(typed("integer"), "minimum", "maximum", s));
  case form::amount: {
    json made = bounded(typed("number"), "minimum", "maximum", s);
    made["minimum"] = s.least;
    return made;
  }
  case form::duration:
    return matching(span);
  case form::duration_or_formula:
    return or_expression(matching(span));
  case form::schema:
    return {{"type", json::array({"object", "boolean"})}};
  case form::steps:
    return {{"$ref", "#/$defs/steps"}};
  case form::step:
    return {{"$ref", "#/$defs/step"}};
  case form::map:
    return map_schema(s);
  case form::named:
    return named_schema(s);
  case form::list:
    return list_schema(s);
  case form::one_or_many:
    return {{"anyOf", json::array({schema_of(*s.of), list_schema(s)})}};
  case form::either:
    break;
  }
  json choices = json::array();
  for (const shape* choice : s.choices)
    choices.push_back(schema_of(*choice));
  return {{"anyOf", std::move(choices)}};
}

json step_schema() {
  json properties = json::object();
  json verbs = json::array();
  for (const auto& row : grammar::verbs()) {
    json one = schema_of(*row.holds);
    one["description"] = std::string(row.doc) + " Result: " + std::string(row.result) + ".";
    properties[std::string(row.name)] = std::move(one);
    verbs.push_back({{"required", json::array({std::string(row.name)})}});
  }
  for (const auto& row : grammar::attributes()) {
    json one = schema_of(*row.holds);
    one["description"] = std::string(row.doc) + " Of: " + grammar::verb_words(row.taken_by) + ".";
    properties[std::string(row.name)] = std::move(one);
  }
  return {{"type", "object"},
          {"properties", std::move(properties)},
          {"additionalProperties", false},
          {"oneOf", std::move(verbs)}};
}

} // namespace

std::string editor_schema() {
  json made{{"$schema", "http://json-schema.org/draft-07/schema#"},
            {"title", "A workflow, an agent or tests of Troupe"},
            {"if", {{"required", json::array({"agent"})}}},
            {"then", schema_of(grammar::agent_file)},
            {"else",
             {{"if", {{"required", json::array({"test"})}}},
              {"then", schema_of(grammar::test_file)},
              {"else", schema_of(grammar::workflow_file)}}},
            {"$defs",
             {{"steps", {{"type", "array"}, {"minItems", 1}, {"items", {{"$ref", "#/$defs/step"}}}}},
              {"step", step_schema()}}}};
  return made.dump(1) + "\n";
}

} // namespace troupe::workflow
