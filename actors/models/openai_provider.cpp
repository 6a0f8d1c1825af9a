#include "actors/models/openai_provider.hpp"

#include "actors/models/limits.hpp"
#include "actors/models/openai_attempt.hpp"

#include <algorithm>

namespace troupe::models {
namespace {

/// The host of a plain http(s) URL; empty if it is none, or holds credentials or a query.
std::string host_of(const std::string& url) {
  const std::size_t start = url.starts_with("https://") ? 8 : url.starts_with("http://") ? 7 : url.size();
  const std::string authority = url.substr(start, url.find('/', start) - start);
  const auto odd = [](char c) { return c <= ' ' || c > '~' || c == '@' || c == '?' || c == '#'; };
  if (std::any_of(url.begin(), url.end(), odd))
    return {};
  return authority.starts_with('[') ? authority.substr(0, authority.find(']') + 1)
                                    : authority.substr(0, authority.find(':'));
}

bool is_this_machine(const std::string& host) {
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

bool fits_header(const std::string& value) {
  return value.size() <= 512 &&
         std::all_of(value.begin(), value.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

provider_failure failure(std::string kind, std::string message) {
  provider_failure out;
  out.kind = std::move(kind);
  out.message = std::move(message);
  return out;
}

/// The failure as others may see it: the key goes before the text is cut, since half a key is a secret too.
provider_failure presentable(provider_failure raw, const std::string& service, const std::string& key,
                             int attempts) {
  const std::string tries = attempts > 1 ? " (after " + std::to_string(attempts) + " attempts)" : "";
  raw.message = shorten(without_key(service + ": " + raw.message, key), limits::message_bytes) + tries;
  raw.attempts = attempts;
  return raw;
}

/// Nothing if another attempt would not begin in time, or not within reason.
std::optional<milliseconds> wait_after(const attempt_failure& failed, const retry_policy& policy,
                                       int attempts, milliseconds left, random_source& random) {
  if (!failed.again || attempts >= policy.attempts)
    return std::nullopt;
  const auto wait = failed.after ? *failed.after : jittered_wait(policy, attempts, random);
  if (wait + limits::attempt_least > left || wait > limits::retry_wait)
    return std::nullopt;
  return wait;
}

} // namespace

openai_provider::openai_provider(openai_settings settings, openai_ports ports)
    : settings_(std::move(settings))
    , ports_(std::move(ports)) {}

result<std::unique_ptr<openai_provider>> openai_provider::make(openai_settings settings, openai_ports ports) {
  while (settings.url.ends_with('/'))
    settings.url.pop_back();
  if (host_of(settings.url).empty())
    return fail(fault::invalid,
                "the URL of the model provider " + settings.name + " is no plain http or https URL",
                "write it like https://api.openai.com/v1, the key elsewhere");
  settings.retry.attempts = std::clamp(settings.retry.attempts, 1, limits::attempts);
  return std::unique_ptr<openai_provider>(new openai_provider(std::move(settings), std::move(ports)));
}

provided<answered<chat_reply>> openai_provider::generate(const chat_request& request,
                                                         const call_scope& scope) {
  auto call = prepare("/chat/completions", chat_body(request, settings_.dialect, request.stream));
  return repeat<chat_reply>(std::move(call), scope,
                            [&](const openai_attempt& once) { return try_chat(once, request.stream); });
}

provided<answered<embed_reply>> openai_provider::embed(const embed_request& request,
                                                       const call_scope& scope) {
  auto call = prepare("/embeddings", embed_body(request));
  return repeat<embed_reply>(std::move(call), scope, [&](const openai_attempt& once) {
    return try_embed(once, request.inputs.size());
  });
}

http_call openai_provider::prepare(const char* path, std::string body) const {
  http_call call;
  call.url = settings_.url + path;
  call.body = std::move(body);
  call.connect = settings_.connect;
  call.first_byte = settings_.first_byte;
  call.idle = settings_.idle;
  call.answer_bytes = limits::response_bytes;
  return call;
}

/// Puts the headers on and gives back the key, for what must be kept free of it.
provided<std::string> openai_provider::authorise(http_call& call, const call_scope& scope) const {
  auto key = ports_.key();
  if (!key)
    return tl::unexpected(failure("model.no_key", key.error().message));
  if (!key->empty() && !settings_.key_over_plain_http && settings_.url.starts_with("http://") &&
      !is_this_machine(host_of(settings_.url)))
    return tl::unexpected(failure("model.no_key", "its key would cross the network in the clear; use https"));
  if (!fits_header(scope.idempotency_key))
    return tl::unexpected(failure("invalid", "the idempotency key does not fit a header"));
  if (!key->empty())
    call.headers.push_back("Authorization: Bearer " + *key);
  if (!scope.idempotency_key.empty())
    call.headers.push_back("Idempotency-Key: " + scope.idempotency_key);
  return std::move(*key);
}

template<class Reply, class Once>
provided<answered<Reply>> openai_provider::repeat(http_call call, const call_scope& scope, const Once& once) {
  const auto key = authorise(call, scope);
  if (!key)
    return tl::unexpected(presentable(key.error(), settings_.name, {}, 0));
  const instant deadline = std::min(scope.deadline, ports_.clock.now() + settings_.total);
  for (int attempts = 0;;) {
    const milliseconds time = deadline - ports_.clock.now();
    if (time <= milliseconds(0))
      return tl::unexpected(
          presentable(failure("timeout", "the deadline has passed"), settings_.name, *key, attempts));
    call.total = std::min(time, settings_.attempt);
    ++attempts;
    attempted<Reply> outcome = once(openai_attempt{ports_.transport, ports_.clock, call, scope});
    if (outcome)
      return answered<Reply>{std::move(*outcome), attempts};
    const auto left = deadline - ports_.clock.now();
    const auto wait = wait_after(outcome.error(), settings_.retry, attempts, left, ports_.random);
    if (!wait)
      return tl::unexpected(presentable(std::move(outcome.error().why), settings_.name, *key, attempts));
    if (!ports_.pause.wait(*wait, scope.canceled))
      return tl::unexpected(
          presentable(failure("canceled", "canceled between attempts"), settings_.name, *key, attempts));
  }
}

} // namespace troupe::models
