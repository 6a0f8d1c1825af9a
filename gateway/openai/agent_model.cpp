#include "gateway/openai/agent_model.hpp"

#include "gateway/http/json_text.hpp"
#include "runtime/agent/kind.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

namespace troupe::gateway::openai {

using nlohmann::json;

namespace {

/// What an agent answered, as words: its text if it gave one, else its JSON.
std::string words_of(const std::string& reply) {
  const auto value = json::parse(reply, nullptr, false);
  if (value.is_discarded())
    return reply;
  if (value.is_string())
    return value.get<std::string>();
  for (const auto* name : {"text", "content", "reply"})
    if (value.is_object() && value.contains(name) && value[name].is_string())
      return value[name].get<std::string>();
  return json_text(value);
}

std::string last_text(const json& messages) {
  const auto& last = messages.back();
  return last.contains("content") && last["content"].is_string() ? last["content"].get<std::string>() : "";
}

json head_of(const answer_head& head, const char* object) {
  return {{"id", head.id}, {"object", object}, {"created", head.created}, {"model", head.model}};
}

/// All of an answer that is there already.
class said_at_once final : public event_stream {
public:
  explicit said_at_once(std::string events)
      : events_(std::move(events)) {}
  void next(std::function<void(std::optional<std::string>)> give) override {
    give(events_.empty() ? std::nullopt : std::optional(std::exchange(events_, {})));
  }

private:
  std::string events_;
};

http_response streamed(const answer_head& head, const std::string& words) {
  const auto chunk = [&](json delta, json finish) {
    auto one = head_of(head, "chat.completion.chunk");
    one["choices"] = json::array({{{"index", 0}, {"delta", std::move(delta)}, {"finish_reason", finish}}});
    return "data: " + json_text(one) + "\n\n";
  };
  http_response response;
  response.content_type = "text/event-stream";
  response.events =
      std::make_shared<said_at_once>(chunk({{"role", "assistant"}, {"content", words}}, nullptr) +
                                     chunk(json::object(), "stop") + "data: [DONE]\n\n");
  return response;
}

http_response whole(const answer_head& head, const std::string& words) {
  auto body = head_of(head, "chat.completion");
  body["choices"] =
      json::array({{{"index", 0},
                    {"message", {{"role", "assistant"}, {"content", words}, {"refusal", nullptr}}},
                    {"logprobs", nullptr},
                    {"finish_reason", "stop"}}});
  body["usage"] = {{"prompt_tokens", 0}, {"completion_tokens", 0}, {"total_tokens", 0}};
  http_response response;
  response.body = json_text(body);
  return response;
}

http_response answered(const answer_head& head, bool stream, const inject_answer& answer) {
  if (!answer.reply)
    return failure(
        error{fault::timeout, "the agent did not answer in time; its message " + answer.id + " goes on", {}});
  if (!answer.reply->ok)
    return failure(api_error{502, answer.reply->kind, answer.reply->message, {}, {}});
  const auto words = words_of(answer.reply->body);
  return stream ? streamed(head, words) : whole(head, words);
}

} // namespace

std::vector<std::string> talking_kinds(const route_context& context) {
  std::set<std::string> kinds;
  if (const auto linked = kind_registry::of_this_program())
    for (const auto* spec : linked->all())
      if (spec->find(chat_handler) != nullptr)
        kinds.insert(spec->name);
  if (context.workflows)
    for (const auto& agent : context.workflows->agents())
      if (agent->made->find(chat_handler) != nullptr)
        kinds.insert(agent->made->name);
  return {kinds.begin(), kinds.end()};
}

void ask_agent(const route_context& context, const answer_head& head, const chat_body& asked,
               const std::string& correlation, responder done) {
  const auto kind = asked.how.model.substr(agent_prefix.size());
  const auto kinds = talking_kinds(context);
  if (std::ranges::find(kinds, kind) == kinds.end())
    return done(failure(api_error{404, "model_not_found", "there is no agent \"" + kind + "\" that talks",
                                  "GET /v1/models lists those that do", "model"}));
  auto id = agent_id::make("default", kind, asked.how.user.empty() ? "default" : asked.how.user);
  if (!id)
    return done(failure(id.error()));
  const auto messages = json::parse(asked.messages);
  inject_request message;
  message.to = *id;
  message.type = chat_handler;
  message.body = json_text({{"messages", messages}, {"text", last_text(messages)}});
  message.trace = correlation;
  message.wait = std::chrono::duration_cast<milliseconds>(context.limits.wait_max);
  context.node.inject(std::move(message), [head, stream = asked.how.stream,
                                           done = std::move(done)](const result<inject_answer>& answer) {
    done(answer ? answered(head, stream, *answer) : failure(answer.error()));
  });
}

} // namespace troupe::gateway::openai
