#include "actors/models/settings.hpp"

#include "actors/models/limits.hpp"
#include "config/document/document.hpp"
#include "config/schema/schema.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace troupe::models {
namespace {

constexpr std::size_t settings_bytes = 1024 * 1024; // a thousand models with prices fit

// The shape is a schema, so that one mistake gives one sentence with its place and the reading below has no
// errors.
constexpr std::string_view shape = R"json({
  "type": "object", "additionalProperties": false,
  "properties": {
    "providers": {"type": "object", "additionalProperties": {"$ref": "#/$defs/provider"}},
    "segments": {"type": "object", "additionalProperties": {"$ref": "#/$defs/segment"}}
  },
  "$defs": {
    "name": {"type": "string", "minLength": 1, "maxLength": 256},
    "ms": {"type": "integer", "minimum": 1, "maximum": 86400000},
    "micro": {"type": "integer", "minimum": 0, "maximum": 1000000000},
    "provider": {
      "type": "object", "properties": {"kind": {"enum": ["openai", "native"]}},
      "if": {"properties": {"kind": {"const": "native"}}, "required": ["kind"]},
      "then": {"$ref": "#/$defs/native"}, "else": {"$ref": "#/$defs/openai"}
    },
    "native": {
      "type": "object", "required": ["path"], "additionalProperties": false,
      "properties": {
        "kind": true,
        "path": {"type": "string", "minLength": 1},
        "adapters": {"type": "object", "maxProperties": 1024,
                     "additionalProperties": {"type": "string", "minLength": 1}},
        "live_adapters": {"type": "integer", "minimum": 1, "maximum": 1024},
        "threads": {"type": "integer", "minimum": 0, "maximum": 1024},
        "context": {"type": "integer", "minimum": 1, "maximum": 16777216},
        "pages": {"type": "integer", "minimum": 1, "maximum": 16777216},
        "batch": {"type": "integer", "minimum": 1, "maximum": 1024},
        "step_tokens": {"type": "integer", "minimum": 1, "maximum": 65536},
        "waiting": {"type": "integer", "minimum": 1, "maximum": 100000},
        "precision": {"enum": ["f32", "serving"]},
        "priority": {"enum": ["idle", "normal"]},
        "prices": {"$ref": "#/$defs/prices"}
      }
    },
    "openai": {
      "type": "object", "required": ["url"], "additionalProperties": false,
      "properties": {
        "kind": true,
        "url": {"type": "string"},
        "key": {"type": "object", "additionalProperties": false, "minProperties": 1, "maxProperties": 1,
                "properties": {"env": {"$ref": "#/$defs/name"}, "file": {"$ref": "#/$defs/name"}}},
        "proxy": {"type": "string"},
        "key_over_plain_http": {"type": "boolean"},
        "response_format": {"enum": ["json_schema", "json_object", "none"]},
        "max_tokens_field": {"enum": ["max_tokens", "max_completion_tokens"]},
        "stream_usage": {"type": "boolean"},
        "attempts": {"type": "integer", "minimum": 1, "maximum": 21},
        "retry_initial_ms": {"$ref": "#/$defs/ms"},
        "retry_max_ms": {"$ref": "#/$defs/ms"},
        "connect_ms": {"$ref": "#/$defs/ms"},
        "first_byte_ms": {"$ref": "#/$defs/ms"},
        "idle_ms": {"$ref": "#/$defs/ms"},
        "attempt_ms": {"$ref": "#/$defs/ms"},
        "total_ms": {"$ref": "#/$defs/ms"},
        "prices": {"$ref": "#/$defs/prices"}
      }
    },
    "prices": {
      "type": "object", "additionalProperties": {
        "type": "object", "required": ["prompt", "completion"], "additionalProperties": false,
        "properties": {"prompt": {"$ref": "#/$defs/micro"}, "completion": {"$ref": "#/$defs/micro"},
                       "cached": {"$ref": "#/$defs/micro"}}}
    },
    "choice": {
      "type": "object", "required": ["provider", "model"], "additionalProperties": false,
      "properties": {"provider": {"$ref": "#/$defs/name"}, "model": {"$ref": "#/$defs/name"}}
    },
    "segment": {
      "type": "object", "required": ["provider", "model"], "additionalProperties": false,
      "properties": {
        "provider": {"$ref": "#/$defs/name"}, "model": {"$ref": "#/$defs/name"},
        "fallback": {"type": "array", "maxItems": 8, "items": {"$ref": "#/$defs/choice"}},
        "temperature": {"type": "number", "minimum": 0, "maximum": 2},
        "max_tokens": {"type": "integer", "minimum": 1, "maximum": 1000000000}
      }
    }
  }
})json";

template<class T>
void take(const json& from, const char* name, T& into) {
  if (const auto found = from.find(name); found != from.end())
    into = found->get<T>();
}

void take(const json& from, const char* name, milliseconds& into) {
  if (const auto found = from.find(name); found != from.end())
    into = milliseconds(found->get<std::int64_t>());
}

template<class T>
void take(const json& from, const char* name, std::optional<T>& into) {
  if (const auto found = from.find(name); found != from.end())
    into = found->get<T>();
}

/// The object of that name, or an empty one. A reference, because items() of a temporary would dangle.
const json& object_in(const json& from, const char* name) {
  static const json none = json::object();
  const auto found = from.find(name);
  return found == from.end() ? none : *found;
}

format_style style_named(const std::string& name) {
  return name == "json_object" ? format_style::json_object
         : name == "none"      ? format_style::none
                               : format_style::json_schema;
}

native_settings read_native(const json& from) {
  native_settings out;
  take(from, "path", out.path);
  take(from, "adapters", out.adapters);
  take(from, "live_adapters", out.live_adapters);
  take(from, "threads", out.threads);
  take(from, "context", out.context);
  take(from, "pages", out.pages);
  take(from, "batch", out.batch);
  take(from, "step_tokens", out.step_tokens);
  take(from, "waiting", out.waiting);
  out.exact = from.value("precision", "") == "f32";
  out.background = from.value("priority", "") != "normal";
  return out;
}

void read_prices(const json& from, std::map<std::string, model_price>& prices) {
  for (const auto& [model, price] : object_in(from, "prices").items()) {
    model_price& entry = prices[model];
    take(price, "prompt", entry.prompt);
    take(price, "completion", entry.completion);
    take(price, "cached", entry.cached);
  }
}

provider_settings read_provider(const std::string& name, const json& from) {
  provider_settings out;
  read_prices(from, out.prices);
  if (from.value("kind", "") == "native") {
    out.native = read_native(from);
    return out;
  }
  openai_settings& service = out.service;
  service.name = name;
  take(from, "url", service.url);
  service.dialect.format = style_named(from.value("response_format", ""));
  take(from, "max_tokens_field", service.dialect.max_tokens_field);
  take(from, "stream_usage", service.dialect.stream_usage);
  take(from, "attempts", service.retry.attempts);
  take(from, "retry_initial_ms", service.retry.initial);
  take(from, "retry_max_ms", service.retry.most);
  take(from, "connect_ms", service.connect);
  take(from, "first_byte_ms", service.first_byte);
  take(from, "idle_ms", service.idle);
  take(from, "attempt_ms", service.attempt);
  take(from, "total_ms", service.total);
  take(from, "key_over_plain_http", service.key_over_plain_http);
  take(from, "proxy", out.proxy);
  const json& key = object_in(from, "key");
  take(key, "env", out.key.environment);
  take(key, "file", out.key.file);
  return out;
}

model_choice read_choice(const json& from) {
  return {from.at("provider").get<std::string>(), from.at("model").get<std::string>()};
}

segment_settings read_segment(const json& from) {
  segment_settings out;
  out.choices.push_back(read_choice(from));
  for (const json& choice : from.value("fallback", json::array()))
    out.choices.push_back(read_choice(choice));
  take(from, "temperature", out.temperature);
  take(from, "max_tokens", out.max_tokens);
  return out;
}

result<void> check_names(const models_settings& settings) {
  for (const auto& [name, provider] : settings.providers) // ids are NAME+ADAPTER, and agent/KIND is an agent
    if (provider.native && name.find_first_of("+/") != std::string::npos)
      return fail(fault::invalid, "a model's name holds no + and no /: " + name);
  for (const auto& [name, segment] : settings.segments)
    for (const auto& choice : segment.choices)
      if (!settings.providers.contains(choice.provider))
        return fail(fault::invalid, "the model segment " + name + " names the provider " + choice.provider +
                                        ", which is not configured");
  return {};
}

} // namespace

result<models_settings> read_models_settings(std::string_view text) {
  const auto document = parse_json(text, settings_bytes, "the models settings");
  if (!document)
    return tl::unexpected(document.error());
  const auto expected = config::schema::compile(shape);
  ensure(expected.has_value(), "the settings' own schema compiles");
  if (const auto broken = expected->check(*document))
    return fail(fault::invalid, "models settings: " + broken->sentence);
  models_settings out;
  for (const auto& [name, from] : object_in(*document, "providers").items())
    out.providers.emplace(name, read_provider(name, from));
  for (const auto& [name, from] : object_in(*document, "segments").items())
    out.segments.emplace(name, read_segment(from));
  if (const auto fine = check_names(out); !fine)
    return tl::unexpected(fine.error());
  return out;
}

namespace {

models_settings default_native(const config::node_settings::model_settings& node) {
  auto name = std::filesystem::path(node.path).filename();
  if (name.empty()) // "models/phi-2/"
    name = std::filesystem::path(node.path).parent_path().filename();
  if (name.extension() == ".gguf")
    name = name.stem();
  auto id = name.empty() ? std::string("native") : name.string();
  std::ranges::replace(id, '+', '-');
  native_settings own;
  own.path = node.path;
  for (const auto& item : config::split_list(node.adapters))
    if (const auto mark = item.find('='); mark != std::string::npos)
      own.adapters[item.substr(0, mark)] = item.substr(mark + 1);
  models_settings out;
  out.providers[id].native = std::move(own);
  out.segments["default"].choices.push_back({id, id});
  return out;
}

} // namespace

models_settings default_models(const config::node_settings::model_settings& node) {
  if (node.provider == "native")
    return default_native(node);
  constexpr auto name = "default";
  provider_settings provider;
  provider.service.name = name;
  provider.service.url = node.url;
  provider.service.attempt = node.timeout;
  provider.service.first_byte = node.timeout;
  provider.service.idle = node.timeout;
  provider.service.retry.attempts = static_cast<int>(node.retries) + 1;
  provider.service.total = (node.timeout + limits::retry_wait) * provider.service.retry.attempts;
  provider.key.file = node.key_file;
  if (node.key_file.empty()) // a file goes before the environment
    provider.key.environment = node.key_env;
  models_settings out;
  out.providers.emplace(name, std::move(provider));
  out.segments[name].choices.push_back({name, node.model});
  return out;
}

result<models_settings> read_models_file(const std::string& path) {
  std::ifstream file(path);
  if (!file)
    return fail(fault::not_found, "cannot read " + path, "models.file names it");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  config::diagnostics found;
  const auto parsed = config::parse_document(config::source(path, text), found);
  if (!parsed)
    return fail(fault::invalid, config::render_text(found, 1), "docs/models.md shows such a file");
  const auto as_json = config::to_json(parsed->root());
  if (!as_json)
    return fail(fault::invalid, path + ": " + as_json.error().message);
  auto settings = read_models_settings(*as_json);
  if (!settings)
    return fail(settings.error().what, path + ": " + settings.error().message);
  const auto folder = std::filesystem::path(path).parent_path();
  for (auto& [name, provider] : settings->providers)
    if (provider.native) {
      provider.native->path = (folder / provider.native->path).string();
      for (auto& [adapter, place] : provider.native->adapters)
        place = (folder / place).string();
    }
  return settings;
}

result<models_settings> models_of(const config::node_settings::model_settings& node) {
  if (node.provider == "native" && node.path.empty())
    return fail(fault::invalid, "a model of our own needs models.default.path",
                "name a GGUF file or a Hugging Face folder");
  auto usual = default_models(node);
  if (node.file.empty())
    return usual;
  auto settings = read_models_file(node.file);
  if (!settings || settings->segments.contains("default"))
    return settings;
  settings->segments.merge(usual.segments);
  settings->providers.merge(usual.providers);
  return settings;
}

} // namespace troupe::models
