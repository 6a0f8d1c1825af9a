#include "gateway/openai/request.hpp"

#include "gateway/http/json_text.hpp"
#include "gateway/openai/messages.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace troupe::gateway::openai {

using nlohmann::json;

namespace {

constexpr std::size_t stops_max = 16;
constexpr std::int64_t choices_max = 16;
constexpr std::int64_t tokens_max = 16'777'216; // beyond any context
constexpr std::size_t prompts_max = 64;
constexpr std::size_t inputs_max = 2'048;
constexpr std::size_t biases_max = 1'024;
constexpr std::int64_t alternatives_max = 20;

std::vector<std::pair<kernels::token_id, float>> read_bias(fields& body) {
  std::vector<std::pair<kernels::token_id, float>> all;
  const auto* value = body.take("logit_bias");
  if (value == nullptr)
    return all;
  const bool is_map = value->is_object() && value->size() <= biases_max;
  bool sound = is_map;
  const json none = json::object();
  for (const auto& [name, more] : (is_map ? *value : none).items()) {
    kernels::token_id token = 0;
    const auto [rest, failed] = std::from_chars(name.data(), name.data() + name.size(), token);
    sound = sound && failed == std::errc() && rest == name.data() + name.size() && token >= 0 &&
            more.is_number() && more >= -100 && more <= 100;
    if (sound)
      all.emplace_back(token, more.get<float>());
  }
  if (!sound)
    body.note("'logit_bias' must map token ids to numbers from -100 to 100", "logit_bias");
  return all;
}

void read_stream_options(fields& body, making& how) {
  how.stream = body.flag("stream");
  const auto* options = body.take("stream_options");
  if (options == nullptr)
    return;
  if (!options->is_object() || !how.stream)
    return body.note("'stream_options' is an object and goes with 'stream': true", "stream_options");
  for (const auto& [name, value] : options->items())
    if (name != "include_usage" && name != "include_obfuscation")
      body.note("unknown field 'stream_options." + name + "'", "stream_options." + name);
    else if (!value.is_boolean())
      body.note("'stream_options." + name + "' must be true or false", "stream_options." + name);
    else if (name == "include_usage")
      how.stream_usage = value.get<bool>();
}

/// What both routes have in common; the last line is what other servers of open models take too.
making read_making(fields& body) {
  making how;
  how.model = body.required_text("model");
  how.how.temperature = body.number("temperature", 0, 2).value_or(1);
  how.how.top_p = body.number("top_p", 0, 1).value_or(1);
  how.less.frequency = body.number("frequency_penalty", -2, 2).value_or(0);
  how.less.presence = body.number("presence_penalty", -2, 2).value_or(0);
  how.less.bias = read_bias(body);
  how.seed = body.whole("seed", INT64_MIN, INT64_MAX);
  how.choices = body.whole("n", 1, choices_max).value_or(1);
  how.stop = body.texts("stop", stops_max);
  read_stream_options(body, how);
  how.user = body.text("user");
  how.how.top_k = static_cast<std::uint32_t>(body.whole("top_k", 0, tokens_max).value_or(0));
  how.how.min_p = body.number("min_p", 0, 1).value_or(0);
  how.less.repetition = body.number("repetition_penalty", 0.01, 10).value_or(1);
  how.ignore_end = body.flag("ignore_eos");
  return how;
}

void refuse_unknown(fields& body, const json& object, const std::string& where,
                    std::initializer_list<std::string_view> known) {
  for (const auto& [name, value] : object.items())
    if (std::ranges::find(known, name) == known.end())
      body.note("unknown field '" + where + "." + name + "'", where + "." + name);
}

/// Without a schema any object will do.
std::string read_json_schema(fields& body, const json& format) {
  constexpr auto where = "response_format.json_schema";
  const auto given = format.find("json_schema");
  if (given == format.end() || !given->is_object() || !given->value("name", json()).is_string()) {
    body.note("'response_format.json_schema' must be {\"name\", \"schema\", \"strict\"}", where);
    return {};
  }
  refuse_unknown(body, *given, where, {"name", "description", "schema", "strict"});
  const auto schema = given->value("schema", json{{"type", "object"}});
  if (!schema.is_object() && !schema.is_boolean())
    body.note("'response_format.json_schema.schema' must be a JSON Schema",
              "response_format.json_schema.schema");
  return json_text(schema);
}

/// The schema of the reply. Every schema is kept to exactly, with `strict` or without.
std::string read_response_format(fields& body) {
  const auto* format = body.take("response_format");
  if (format == nullptr)
    return {};
  const auto type = format->is_object() ? format->value("type", json()) : json();
  if (type == "text")
    return {};
  if (type == "json_object")
    return R"({"type":"object"})";
  if (type == "json_schema") {
    refuse_unknown(body, *format, "response_format", {"type", "json_schema"});
    return read_json_schema(body, *format);
  }
  body.note("'response_format' must be of type text, json_object or json_schema", "response_format");
  return {};
}

std::vector<kernels::token_id> tokens_in(const json& list, bool& sound) {
  std::vector<kernels::token_id> tokens;
  for (const auto& item : list) {
    sound = sound && item.is_number_integer() && item >= 0 && item <= INT32_MAX;
    if (sound)
      tokens.push_back(item.get<kernels::token_id>());
  }
  return tokens;
}

/// A text, a list of texts, a list of tokens or a list of lists of tokens.
std::vector<prompt_body> read_prompts(fields& body, std::string_view name, std::size_t most) {
  std::vector<prompt_body> all;
  const auto* value = body.take(name);
  bool sound = value != nullptr;
  if (sound && value->is_string())
    all.emplace_back(value->get<std::string>());
  else if (sound && value->is_array() && !value->empty() && value->front().is_number())
    all.emplace_back(tokens_in(*value, sound));
  else if (sound && value->is_array())
    for (const auto& item : *value) {
      sound = sound && (item.is_string() || item.is_array());
      if (sound && item.is_string())
        all.emplace_back(item.get<std::string>());
      else if (sound)
        all.emplace_back(tokens_in(item, sound));
    }
  const auto empty = [](const prompt_body& one) {
    return std::visit([](const auto& held) { return held.empty(); }, one);
  };
  if (!sound || all.empty() || all.size() > most || std::ranges::any_of(all, empty))
    body.note("'" + std::string(name) + "' must be a text, a list of token ids, or a list of up to " +
                  std::to_string(most) + " of one or the other, and none of them empty",
              name);
  return all;
}

void read_scores(fields& body, making& how) {
  how.scored = body.flag("logprobs");
  const auto alternatives = body.whole("top_logprobs", 0, alternatives_max);
  if (alternatives && !how.scored)
    body.note("'top_logprobs' goes with 'logprobs': true", "top_logprobs");
  how.alternatives = static_cast<std::uint32_t>(alternatives.value_or(0));
}

} // namespace

checked<chat_body> read_chat(std::string_view text, const http_limits& limits) {
  fields body(text, limits);
  chat_body out;
  out.how = read_making(body);
  const auto old = body.whole("max_tokens", 1, tokens_max);
  const auto now = body.whole("max_completion_tokens", 1, tokens_max);
  out.how.tokens_max = now ? now : old;
  read_scores(body, out.how);
  out.format = read_response_format(body);
  read_messages(body, text, out);
  read_tools(body, text, out);
  if (const auto* parallel = body.take("parallel_tool_calls"))
    out.one_call = *parallel == false;
  body.pass_over({"audio", "function_call", "functions", "metadata", "modalities", "prediction",
                  "prompt_cache_key", "prompt_cache_retention", "reasoning_effort", "safety_identifier",
                  "service_tier", "store", "verbosity", "web_search_options"});
  if (auto problem = body.finish())
    return tl::unexpected(std::move(*problem));
  return out;
}

checked<completion_body> read_completion(std::string_view text, const http_limits& limits) {
  fields body(text, limits);
  completion_body out;
  out.how = read_making(body);
  out.how.tokens_max = body.whole("max_tokens", 0, tokens_max).value_or(16); // as OpenAI has it
  const auto alternatives = body.whole("logprobs", 0, 5);
  out.how.scored = alternatives.has_value();
  out.how.alternatives = static_cast<std::uint32_t>(alternatives.value_or(0));
  out.prompts = read_prompts(body, "prompt", prompts_max);
  out.echo = body.flag("echo");
  body.pass_over({"best_of", "suffix"});
  if (auto problem = body.finish())
    return tl::unexpected(std::move(*problem));
  return out;
}

checked<embeddings_body> read_embeddings(std::string_view text, const http_limits& limits) {
  fields body(text, limits);
  embeddings_body out;
  out.model = body.required_text("model");
  out.inputs = read_prompts(body, "input", inputs_max);
  out.dimensions = body.whole("dimensions", 1, tokens_max);
  const auto format = body.text("encoding_format");
  if (!format.empty() && format != "float" && format != "base64")
    body.note("'encoding_format' is float or base64", "encoding_format");
  out.base64 = format == "base64";
  body.pass_over({"user"});
  if (auto problem = body.finish())
    return tl::unexpected(std::move(*problem));
  return out;
}

} // namespace troupe::gateway::openai
