#include "actors/models/arguments.hpp"

#include "actors/models/limits.hpp"
#include "config/schema/schema.hpp"

#include <nlohmann/json.hpp>

namespace troupe::models {
namespace {

constexpr std::string_view generate_shape = R"json({
  "type": "object", "required": ["messages"], "additionalProperties": false,
  "properties": {
    "messages": {"type": "array", "minItems": 1, "maxItems": 1000, "items": {
      "type": "object", "required": ["role", "content"], "additionalProperties": false,
      "properties": {"role": {"enum": ["system", "user", "assistant"]}, "content": {"type": "string"}}}},
    "temperature": {"type": "number", "minimum": 0, "maximum": 2},
    "max_tokens": {"type": "integer", "minimum": 1, "maximum": 1000000000},
    "stop": {"type": "array", "maxItems": 16, "items": {"type": "string", "minLength": 1, "maxLength": 256}},
    "stream": {"type": "boolean"},
    "adapter": {"type": "string", "maxLength": 256},
    "format": {"type": "object", "required": ["name", "schema"], "additionalProperties": false,
               "properties": {"name": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"},
                              "schema": {"type": "object"}}}
  }
})json";

constexpr std::string_view embed_shape = R"json({
  "type": "object", "required": ["inputs"], "additionalProperties": false,
  "properties": {
    "inputs": {"type": "array", "minItems": 1, "maxItems": 256, "items": {"type": "string", "minLength": 1}},
    "dimensions": {"type": "integer", "minimum": 1, "maximum": 65536}
  }
})json";

config::schema own(std::string_view text) {
  auto compiled = config::schema::compile(text);
  ensure(compiled.has_value(), "a schema of our own compiles");
  return std::move(*compiled);
}

result<json> fitting(std::string_view body, const config::schema& shape, std::string_view verb) {
  auto value = parse_json(body, limits::request_bytes, "the body of " + std::string(verb));
  if (!value)
    return value;
  if (const auto broken = shape.check(*value))
    return fail(fault::invalid, "the body of " + std::string(verb) + " is wrong: " + broken->sentence);
  return value;
}

chat_role role_named(const std::string& name) {
  return name == "system" ? chat_role::system : name == "user" ? chat_role::user : chat_role::assistant;
}

template<class T>
std::optional<T> maybe(const json& from, const char* name) {
  const auto found = from.find(name);
  return found == from.end() ? std::nullopt : std::optional<T>(found->get<T>());
}

} // namespace

std::string generate_arguments(const chat_request& request) {
  json body{{"messages", json::array()}};
  for (const auto& message : request.messages)
    body["messages"].push_back({{"role", to_string(message.role)}, {"content", message.text}});
  if (request.temperature)
    body["temperature"] = *request.temperature;
  if (request.max_tokens)
    body["max_tokens"] = *request.max_tokens;
  if (!request.stop.empty())
    body["stop"] = request.stop;
  if (request.stream)
    body["stream"] = true;
  if (!request.adapter.empty())
    body["adapter"] = request.adapter;
  if (request.format)
    body["format"] = {{"name", request.format->name},
                      {"schema", json::parse(request.format->schema, nullptr, false)}};
  return dump_json(body);
}

std::string embed_arguments(const embed_request& request) {
  json body{{"inputs", request.inputs}};
  if (request.dimensions)
    body["dimensions"] = *request.dimensions;
  return dump_json(body);
}

result<chat_request> read_generate_arguments(std::string_view body) {
  static const config::schema shape = own(generate_shape);
  const auto value = fitting(body, shape, "model.generate");
  if (!value)
    return tl::unexpected(value.error());
  chat_request out;
  for (const json& message : value->at("messages"))
    out.messages.push_back(
        {role_named(message.at("role").get<std::string>()), message.at("content").get<std::string>()});
  out.temperature = maybe<double>(*value, "temperature");
  out.max_tokens = maybe<std::int64_t>(*value, "max_tokens");
  out.stop = value->value("stop", std::vector<std::string>());
  out.stream = value->value("stream", false);
  out.adapter = value->value("adapter", "");
  if (const auto format = value->find("format"); format != value->end())
    out.format = answer_format{format->at("name").get<std::string>(), dump_json(format->at("schema"))};
  return out;
}

result<embed_request> read_embed_arguments(std::string_view body) {
  static const config::schema shape = own(embed_shape);
  const auto value = fitting(body, shape, "model.embed");
  if (!value)
    return tl::unexpected(value.error());
  embed_request out;
  out.inputs = value->at("inputs").get<std::vector<std::string>>();
  out.dimensions = maybe<std::int64_t>(*value, "dimensions");
  return out;
}

std::string generate_result(const chat_reply& reply) {
  return dump_json({{"text", reply.text}, {"finish", reply.finish}});
}

std::string embed_result(const embed_reply& reply) { return dump_json({{"vectors", reply.vectors}}); }

result<std::string> read_generate_result(std::string_view body) {
  const auto value = parse_json(body, limits::response_bytes, "the result of model.generate");
  if (!value)
    return tl::unexpected(value.error());
  const auto text = value->is_object() ? value->find("text") : value->end();
  if (!value->is_object() || text == value->end() || !text->is_string())
    return fail(fault::corrupt, "the result of model.generate holds no text");
  return text->get<std::string>();
}

} // namespace troupe::models
