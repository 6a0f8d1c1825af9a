#include "gateway/api/messages.hpp"

#include "gateway/api/render.hpp"
#include "gateway/http/body_reader.hpp"
#include "gateway/http/json_text.hpp"
#include "gateway/http/query_reader.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace troupe::gateway {

namespace {

struct failure_status {
  std::string_view kind;
  unsigned status;
};

// How an agent's own failure reads to a caller over HTTP; all others are 502: the agent behind us failed.
constexpr std::array<failure_status, 8> failure_statuses{{
    {"invalid", 422},
    {"timeout", 504},
    {"expired", 504},
    {"canceled", 409},
    {"key_conflict", 409},
    {"unavailable", 503},
    {"overloaded", 429},
    {"rate_limited", 429},
}};

unsigned status_of_failure(std::string_view kind) noexcept {
  auto known = std::ranges::find(failure_statuses, kind, &failure_status::kind);
  return known == failure_statuses.end() ? 502 : known->status;
}

http_response failed_reply(const std::string& id, const outcome& reply) {
  json inner{{"code", reply.kind},
             {"message", reply.message},
             {"hint", "troupe trace or inspect shows how it came to that"}};
  if (!reply.agent.empty())
    inner["agent"] = reply.agent;
  auto response = ok(json{{"error", std::move(inner)}, {"id", id}});
  response.status = status_of_failure(reply.kind);
  if (response.status == 429 || response.status == 503)
    response.headers.emplace_back("Retry-After", "1");
  return response;
}

} // namespace

checked<std::string> read_idempotency_key(const http_request& request) {
  auto key = find_value(request.headers, "idempotency-key");
  if (!key)
    return std::string{};
  const auto visible = [](char c) { return c > ' ' && c < '\x7f'; };
  if (!key->empty() && key->size() <= limits::token_bytes_max && std::ranges::all_of(*key, visible))
    return std::string(*key);
  return tl::unexpected(bad_request("the idempotency key must be 1 to " +
                                        std::to_string(limits::token_bytes_max) + " visible ASCII characters",
                                    {}, "Idempotency-Key"));
}

checked<agent_id> addressed_agent(const http_request& request) {
  auto id = agent_id::make("default", request.param("kind"), request.param("key"));
  if (id)
    return *id;
  auto problem = to_api_error(id.error());
  problem.field = "kind/key";
  return tl::unexpected(std::move(problem));
}

checked<inject_request> read_message(const http_request& request, const http_limits& limits) {
  inject_request out;
  query_reader query(request.query);
  out.wait = query.seconds("wait", limits.wait_max);
  if (auto problem = query.finish())
    return tl::unexpected(std::move(*problem));
  body_reader body(request.body, limits);
  out.type = body.required_text("type", limits::verb_bytes_max);
  out.body = body.value("body");
  if (auto problem = body.finish())
    return tl::unexpected(std::move(*problem));
  auto key = read_idempotency_key(request);
  if (!key)
    return tl::unexpected(key.error());
  auto to = addressed_agent(request);
  if (!to)
    return tl::unexpected(to.error());
  out.to = std::move(*to);
  out.idempotency_key = std::move(*key);
  out.trace = request.correlation;
  return out;
}

http_response message_response(const inject_answer& answered) {
  http_response response;
  if (!answered.reply)
    response = accepted(json{{"id", answered.id}, {"state", "submitted"}});
  else if (answered.reply->ok)
    response = ok(json{{"id", answered.id}, {"reply", text_json(answered.reply->body)}});
  else
    response = failed_reply(answered.id, *answered.reply);
  if (!answered.trace.empty())
    response.headers.emplace_back("X-Correlation-Id", answered.trace);
  if (answered.repeated)
    response.headers.emplace_back("Idempotent-Replayed", "true");
  return response;
}

} // namespace troupe::gateway
