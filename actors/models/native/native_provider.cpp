#include "actors/models/native/native_provider.hpp"

#include "actors/models/json_text.hpp"
#include "actors/models/limits.hpp"
#include "actors/models/native/heard_text.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace troupe::models {

namespace {

tl::unexpected<provider_failure> failed(std::string kind, std::string message) {
  provider_failure failure;
  failure.kind = std::move(kind);
  failure.message = std::move(message);
  failure.attempts = 1;
  return tl::unexpected(std::move(failure));
}

tl::unexpected<provider_failure> invalid(const error& why) {
  return failed(why.what == fault::not_found ? "http.404" : "invalid", why.message);
}

/// Why the server would not take a request.
tl::unexpected<provider_failure> turned_away(const kernels::error& why) {
  switch (why.what) {
  case kernels::fault::refused:
    return failed("rate_limited", why.message);
  case kernels::fault::not_found:
    return failed("http.404", why.message);
  case kernels::fault::unavailable:
  case kernels::fault::corrupt:
    return failed("unavailable", why.message);
  case kernels::fault::invalid:
    break;
  }
  return failed("invalid", why.message);
}

json messages_of(const std::vector<chat_message>& messages) {
  auto list = json::array();
  for (const auto& one : messages)
    list.push_back({{"role", to_string(one.role)}, {"content", one.text}});
  return list;
}

token_usage usage_of(const kernels::text_usage& counted) {
  return {counted.prompt, counted.completion, counted.cached};
}

kernels::serving_time until(instant deadline) {
  return deadline == never ? kernels::no_deadline
                           : std::chrono::duration_cast<kernels::serving_time>(deadline.time_since_epoch());
}

} // namespace

std::tm local_time(instant at) {
  const auto seconds = static_cast<std::time_t>(to_ms(at) / 1000);
  std::tm now{};
  localtime_r(&seconds, &now);
  return now;
}

void normalise(std::vector<float>& vector) {
  double sum = 0;
  for (const auto value : vector)
    sum += static_cast<double>(value) * static_cast<double>(value);
  if (sum > 0)
    for (auto& value : vector)
      value = static_cast<float>(static_cast<double>(value) / std::sqrt(sum));
}

provided<native_provider::whole_text> native_provider::wait(kernels::text_request asked,
                                                            const call_scope& scope, bool stream) {
  asked.deadline = until(scope.deadline);
  auto box = std::make_shared<heard_text>();
  const auto ticket = service_->server().ask(std::move(asked), heard_text::into(box));
  whole_text whole;
  bool canceled = false;
  while (true) {
    if (!canceled && scope.canceled.canceled()) {
      canceled = true;
      service_->server().cancel(ticket); // its end comes all the same
    }
    auto update = box->wait_for(limits::cancel_poll);
    if (!update)
      continue;
    if (!*update)
      return turned_away(update->error());
    whole.text += (*update)->text;
    if (stream && !(*update)->text.empty()) {
      scope.progress.piece((*update)->text);
      whole.delivered = true;
    }
    if ((*update)->end) {
      whole.end = std::move(*(*update)->end);
      break;
    }
  }
  const auto ended = [&](const char* kind, std::string message) {
    auto failure = failed(kind, std::move(message));
    failure.value().delivered = whole.delivered;
    failure.value().model = service_->name();
    failure.value().usage = usage_of(whole.end.usage);
    return failure;
  };
  switch (whole.end.why) {
  case kernels::text_finish::canceled:
    return ended("canceled", "nobody waits for the answer any more");
  case kernels::text_finish::deadline:
    return ended("timeout", "the deadline came before the end of the answer");
  case kernels::text_finish::failed:
    return ended("model.bad_response", whole.end.problem);
  case kernels::text_finish::length:
  case kernels::text_finish::stop:
    break;
  }
  return whole;
}

/// The same for every attempt at one effect, so that a repeated one says the same.
std::uint64_t native_provider::seed_of(const call_scope& scope) {
  if (scope.idempotency_key.empty())
    return random_.next();
  std::uint64_t seed = 0xcbf29ce484222325u;
  for (const auto byte : scope.idempotency_key)
    seed = (seed ^ static_cast<unsigned char>(byte)) * 0x100000001b3u;
  return seed;
}

provided<answered<chat_reply>> native_provider::generate(const chat_request& request,
                                                         const call_scope& scope) {
  const auto adapter = service_->adapter_of(request.model);
  if (!adapter)
    return invalid(adapter.error());
  const conversation talk{dump_json(messages_of(request.messages)), {}, {}};
  auto tokens = service_->model().tokens_of(talk, local_time(clock_.now()));
  if (!tokens)
    return invalid(tokens.error());
  kernels::text_request asked;
  asked.prompt = std::move(*tokens);
  asked.adapter = *adapter;
  asked.end_tokens = service_->model().turn_ends();
  asked.how = {.temperature = request.temperature.value_or(1.0), .seed = seed_of(scope)};
  if (request.max_tokens)
    asked.tokens_max =
        static_cast<std::uint32_t>(std::clamp<std::int64_t>(*request.max_tokens, 0, UINT32_MAX));
  asked.stop = request.stop;
  if (request.format) {
    auto form = service_->forms().json_text(request.format->schema);
    if (!form)
      return failed("invalid", "the schema of " + request.format->name +
                                   " is refused: " + form.error().message + " (" + form.error().hint + ")");
    asked.constraint = std::move(*form);
  }
  auto whole = wait(std::move(asked), scope, request.stream);
  if (!whole)
    return tl::unexpected(whole.error());
  const auto usage = usage_of(whole->end.usage);
  if (whole->end.why == kernels::text_finish::length) {
    auto cut = failed("model.truncated", "the answer was cut at the token limit after " +
                                             std::to_string(usage.completion) + " tokens");
    cut.value().delivered = whole->delivered;
    cut.value().usage = usage;
    return cut;
  }
  chat_reply reply{std::move(whole->text), "stop", request.model.empty() ? service_->name() : request.model,
                   usage};
  reply.held = request.format && whole->end.stop.empty(); // a stop string cuts wherever it stands
  return answered<chat_reply>{std::move(reply), 1};
}

provided<answered<embed_reply>> native_provider::embed(const embed_request& request,
                                                       const call_scope& scope) {
  const auto adapter = service_->adapter_of(request.model);
  if (!adapter)
    return invalid(adapter.error());
  embed_reply reply;
  reply.model = request.model.empty() ? service_->name() : request.model;
  reply.usage.emplace();
  for (const auto& input : request.inputs) {
    auto tokens = service_->model().tokens_of(input);
    if (!tokens)
      return invalid(tokens.error());
    kernels::text_request asked;
    asked.prompt = std::move(*tokens);
    asked.adapter = *adapter;
    asked.embed = true;
    auto whole = wait(std::move(asked), scope, false);
    if (!whole)
      return tl::unexpected(whole.error());
    reply.usage->prompt += whole->end.usage.prompt;
    auto& vector = whole->end.embedding;
    if (request.dimensions && static_cast<std::size_t>(*request.dimensions) != vector.size())
      return failed("invalid", "this model's vectors have " + std::to_string(vector.size()) +
                                   " dimensions, and no others");
    normalise(vector);
    reply.vectors.push_back(std::move(vector));
  }
  return answered<embed_reply>{std::move(reply), 1};
}

} // namespace troupe::models
