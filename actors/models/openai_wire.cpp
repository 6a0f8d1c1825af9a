#include "actors/models/openai_wire.hpp"

#include "actors/models/limits.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace troupe::models {
namespace {

json format_object(const answer_format& format, format_style style) {
  if (style == format_style::json_object)
    return {{"type", "json_object"}};
  return {{"type", "json_schema"},
          {"json_schema", {{"name", format.name}, {"schema", json::parse(format.schema, nullptr, false)}}}};
}

/// The member if it is there and of the wanted kind; else null, so that readers need no branches of their
/// own.
const json& member(const json& object, const char* name, bool (json::*is)() const noexcept) {
  static const json none;
  const auto found = object.is_object() ? object.find(name) : object.end();
  return object.is_object() && found != object.end() && ((*found).*is)() ? *found : none;
}

std::string text_of(const json& object, const char* name) {
  const json& value = member(object, name, &json::is_string);
  return value.is_null() ? std::string() : value.get<std::string>();
}

std::int64_t count_of(const json& object, const char* name) {
  const json& value = member(object, name, &json::is_number_integer);
  if (value.is_null())
    return 0;
  return std::clamp<std::int64_t>(value.get<std::int64_t>(), 0, limits::tokens);
}

std::optional<token_usage> usage_of(const json& body) {
  const json& usage = member(body, "usage", &json::is_object);
  if (usage.is_null())
    return std::nullopt;
  const json& details = member(usage, "prompt_tokens_details", &json::is_object);
  return token_usage{count_of(usage, "prompt_tokens"), count_of(usage, "completion_tokens"),
                     count_of(details, "cached_tokens")};
}

tl::unexpected<provider_failure> unusable(std::string kind, std::string message, std::string model = {},
                                          std::optional<token_usage> usage = {}) {
  provider_failure failure;
  failure.kind = std::move(kind);
  failure.message = std::move(message);
  failure.model = std::move(model);
  failure.usage = usage;
  return tl::unexpected(std::move(failure));
}

result<json> parse_answer(std::string_view body) {
  return parse_json(body, limits::response_bytes, "the answer");
}

/// The same verdict for whole and streamed answers.
provided<chat_reply> judged(chat_reply reply, const std::string& refusal) {
  const auto failed = [&reply](const char* kind, std::string message) {
    return unusable(kind, std::move(message), reply.model, reply.usage);
  };
  if (reply.finish == "length")
    return failed("model.truncated", "the answer was cut at the token limit after " +
                                         std::to_string(reply.text.size()) + " bytes");
  if (reply.finish == "content_filter" || !refusal.empty())
    return failed("model.refused", refusal.empty() ? "the service's content filter stopped the answer"
                                                   : "the model refused: " + refusal);
  if (reply.finish == "tool_calls" || reply.finish == "function_call")
    return failed("model.bad_response", "the model asked for a tool that nobody offered");
  return reply;
}

} // namespace

std::string chat_body(const chat_request& request, const openai_dialect& dialect, bool stream) {
  json messages = json::array();
  for (const auto& message : request.messages)
    messages.push_back({{"role", to_string(message.role)}, {"content", message.text}});
  json body{{"model", request.model}, {"messages", std::move(messages)}};
  if (request.temperature)
    body["temperature"] = *request.temperature;
  if (request.max_tokens)
    body[dialect.max_tokens_field] = *request.max_tokens;
  if (!request.stop.empty())
    body["stop"] = request.stop;
  if (request.format && dialect.format != format_style::none)
    body["response_format"] = format_object(*request.format, dialect.format);
  if (stream)
    body["stream"] = true;
  if (stream && dialect.stream_usage)
    body["stream_options"] = {{"include_usage", true}};
  return dump_json(body);
}

std::string embed_body(const embed_request& request) {
  json body{{"model", request.model}, {"input", request.inputs}, {"encoding_format", "float"}};
  if (request.dimensions)
    body["dimensions"] = *request.dimensions;
  return dump_json(body);
}

provided<chat_reply> read_chat(std::string_view body) {
  const auto document = parse_answer(body);
  if (!document)
    return unusable("model.bad_response", document.error().message);
  const json& choices = member(*document, "choices", &json::is_array);
  chat_reply reply;
  reply.model = text_of(*document, "model");
  reply.usage = usage_of(*document);
  const json& message = choices.empty() ? choices : member(choices[0], "message", &json::is_object);
  if (choices.empty() || message.is_null())
    return unusable("model.bad_response", "the answer has no choices[0].message", reply.model, reply.usage);
  reply.finish = text_of(choices[0], "finish_reason");
  reply.text = text_of(message, "content");
  const bool has_text = message.contains("content") && message["content"].is_string();
  auto verdict = judged(std::move(reply), text_of(message, "refusal"));
  if (verdict && !has_text)
    return unusable("model.bad_response", "the answer's message has no text", verdict->model, verdict->usage);
  return verdict;
}

provided<embed_reply> read_embeddings(std::string_view body, std::size_t inputs) {
  const auto document = parse_answer(body);
  if (!document)
    return unusable("model.bad_response", document.error().message);
  embed_reply reply;
  reply.model = text_of(*document, "model");
  reply.usage = usage_of(*document);
  reply.vectors.resize(inputs);
  std::size_t filled = 0;
  for (const json& item : member(*document, "data", &json::is_array)) {
    const auto index = static_cast<std::size_t>(count_of(item, "index"));
    const json& numbers = member(item, "embedding", &json::is_array);
    if (index >= inputs || !reply.vectors[index].empty() || numbers.empty())
      return unusable("model.bad_response", "the answer's embeddings do not match the inputs", reply.model,
                      reply.usage);
    for (const json& number : numbers) {
      const double value =
          number.is_number() ? number.get<double>() : std::numeric_limits<double>::infinity();
      if (!(std::abs(value) <= std::numeric_limits<float>::max()))
        return unusable("model.bad_response", "an embedding holds something else than numbers", reply.model,
                        reply.usage);
      reply.vectors[index].push_back(static_cast<float>(value));
    }
    ++filled;
  }
  if (filled != inputs)
    return unusable("model.bad_response",
                    std::to_string(inputs) + " inputs were sent and " + std::to_string(filled) +
                        " embeddings came back",
                    reply.model, reply.usage);
  return reply;
}

service_error read_error(std::string_view body) {
  const auto document =
      parse_json(body.substr(0, limits::error_body_bytes), limits::error_body_bytes, "the error");
  service_error out;
  if (!document)
    return {std::string(body.substr(0, limits::error_body_bytes)), ""};
  const json& inner = member(*document, "error", &json::is_object);
  const json& holder = inner.is_null() ? *document : inner;
  out.code = text_of(holder, "code");
  for (const char* name : {"message", "error", "detail"})
    if (out.message.empty())
      out.message = text_of(holder, name);
  return out;
}

chat_stream::chat_stream()
    : events_(limits::event_bytes) {}

bool chat_stream::feed(std::string_view bytes, progress_sink& progress) {
  for (const auto& event : events_.feed(bytes)) {
    if (event.data == "[DONE]") {
      done_ = true;
      return false;
    }
    if (!take_chunk(event.data, progress))
      return false;
  }
  return !events_.overflowed() || refuse("model.bad_response", "an event of the stream is too long");
}

bool chat_stream::take_chunk(const std::string& data, progress_sink& progress) {
  const auto chunk = parse_json(data, limits::event_bytes, "an event of the stream");
  if (!chunk)
    return refuse("model.bad_response", chunk.error().message);
  if (chunk->is_object() && chunk->contains("error"))
    return refuse("unavailable", "the service broke off: " + read_error(data).message);
  if (reply_.model.empty())
    reply_.model = text_of(*chunk, "model");
  if (const auto usage = usage_of(*chunk))
    reply_.usage = usage;
  const json& choices = member(*chunk, "choices", &json::is_array);
  return choices.empty() || take_choice(choices[0], progress); // the last chunk may hold the usage alone
}

bool chat_stream::take_choice(const json& choice, progress_sink& progress) {
  const json& delta = member(choice, "delta", &json::is_object);
  const std::string text = text_of(delta, "content");
  refusal_ += text_of(delta, "refusal");
  if (reply_.text.size() + text.size() + refusal_.size() > limits::response_bytes)
    return refuse("model.bad_response",
                  "the answer is longer than " + std::to_string(limits::response_bytes) + " bytes");
  reply_.text += text;
  if (!text.empty()) {
    delivered_ = true;
    progress.piece(text);
  }
  if (const std::string finish = text_of(choice, "finish_reason"); !finish.empty()) {
    reply_.finish = finish;
    done_ = true;
  }
  return true;
}

bool chat_stream::refuse(std::string kind, std::string message) {
  broken_ = true;
  problem_.kind = std::move(kind);
  problem_.message = std::move(message);
  return false;
}

provided<chat_reply> chat_stream::finish() {
  if (!broken_ && done_) {
    auto verdict = judged(std::move(reply_), refusal_);
    if (!verdict)
      verdict.error().delivered = delivered_;
    return verdict;
  }
  if (!broken_)
    refuse("unavailable", "the answer broke off after " + std::to_string(reply_.text.size()) + " bytes");
  problem_.delivered = delivered_;
  problem_.model = reply_.model;
  problem_.usage = reply_.usage;
  return tl::unexpected(std::move(problem_));
}

} // namespace troupe::models
