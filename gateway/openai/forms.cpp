#include "gateway/openai/forms.hpp"

#include "actors/models/native/native_provider.hpp"
#include "config/expression/base64.hpp"
#include "gateway/http/json_text.hpp"
#include "gateway/openai/scores.hpp"

#include <nlohmann/json.hpp>

namespace troupe::gateway::openai {

using nlohmann::json;

namespace {

std::string event(const json& what) { return "data: " + json_text(what) + "\n\n"; }

constexpr auto last_event = "data: [DONE]\n\n";

json usage_of_all(const std::vector<text_so_far>& texts, std::size_t choices) {
  std::vector<kernels::text_usage> all;
  for (const auto& one : texts)
    all.push_back(one.end ? one.end->usage : kernels::text_usage{});
  return usage_of(all, choices);
}

/// What both kinds of completions do alike.
class completion_base : public text_form {
public:
  completion_base(answer_head head, const char* object, const char* piece_object, std::size_t choices)
      : head_(std::move(head))
      , object_(object)
      , piece_object_(piece_object)
      , choices_(choices) {}

  std::string close(const std::vector<text_so_far>& texts) override {
    std::string rest;
    if (head_.stream_usage) {
      auto last = head(piece_object_);
      last["choices"] = json::array();
      last["usage"] = usage_of_all(texts, choices_);
      rest = event(last);
    }
    return rest + last_event;
  }

protected:
  json head(const char* object) const {
    return {{"id", head_.id},
            {"object", object},
            {"created", head_.created},
            {"model", head_.model},
            {"system_fingerprint", "troupe"}};
  }
  std::string whole(json choices, const std::vector<text_so_far>& texts) const {
    auto body = head(object_);
    body["choices"] = std::move(choices);
    body["usage"] = usage_of_all(texts, choices_);
    return json_text(body);
  }
  std::string piece_of(json choice) const {
    auto one = head(piece_object_);
    one["choices"] = json::array({std::move(choice)});
    if (head_.stream_usage)
      one["usage"] = nullptr;
    return event(one);
  }

private:
  answer_head head_;
  const char* object_;
  const char* piece_object_;
  std::size_t choices_;
};

class chat_completions final : public completion_base {
public:
  chat_completions(answer_head head, const chat_body& asked, const models::native_model& model)
      : completion_base(head, "chat.completion", "chat.completion.chunk",
                        static_cast<std::size_t>(asked.how.choices))
      , id_(std::move(head.id))
      , scored_(asked.how.scored)
      , style_(asked.has_tools ? model.tools() : models::tool_style::none)
      , begin_(asked.talk.begin)
      , end_(asked.end)
      , words_(model.words())
      , shown_(static_cast<std::size_t>(asked.how.choices))
      , begun_(shown_.size()) {}

  std::string body(const std::vector<text_so_far>& texts) override {
    auto choices = json::array();
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const auto reply = models::read_tool_reply(written_in(texts[i]), style_);
      json message{{"role", "assistant"}, {"content", reply.text}, {"refusal", nullptr}};
      if (!reply.calls.empty()) {
        message["tool_calls"] = calls_of(i, reply);
        if (reply.text.empty())
          message["content"] = nullptr;
      }
      choices.push_back({{"index", i},
                         {"message", std::move(message)},
                         {"logprobs", scores_of(texts[i].scores)},
                         {"finish_reason", finish_of(texts[i], reply)}});
    }
    return whole(std::move(choices), texts);
  }

  std::string piece(std::size_t index, const text_so_far& so_far, const std::string&,
                    const std::vector<kernels::token_score>& scores) override {
    std::string events;
    if (!begun_[index])
      events += delta(index, {{"role", "assistant"}, {"content", ""}, {"refusal", nullptr}}, {}, nullptr);
    begun_[index] = true;
    const auto written = written_in(so_far);
    const auto reply = so_far.end ? models::read_tool_reply(written, style_) : models::tool_reply{};
    const bool calls = !reply.calls.empty();
    const auto ready = so_far.end && !calls ? written.size() : models::tool_call_may_begin(written, style_);
    if (ready > shown_[index] || !scores.empty())
      events +=
          delta(index, {{"content", written.substr(shown_[index], ready - shown_[index])}}, scores, nullptr);
    shown_[index] = std::max(shown_[index], ready);
    if (calls)
      events += delta(index, {{"tool_calls", numbered(calls_of(index, reply))}}, {}, nullptr);
    if (so_far.end)
      events += delta(index, json::object(), {}, finish_of(so_far, reply));
    return events;
  }

private:
  json scores_of(const std::vector<kernels::token_score>& scores) const {
    return scored_ ? chat_scores(scores, words_) : json();
  }

  std::string delta(std::size_t index, json what, const std::vector<kernels::token_score>& scores,
                    const char* finish) const {
    return piece_of({{"index", index},
                     {"delta", std::move(what)},
                     {"logprobs", scores.empty() ? json() : scores_of(scores)},
                     {"finish_reason", finish ? json(finish) : json()}});
  }

  json calls_of(std::size_t index, const models::tool_reply& reply) const {
    auto calls = json::array();
    for (const auto& call : reply.calls)
      calls.push_back({{"id", "call_" + id_.substr(id_.find('-') + 1) + "_" + std::to_string(index) + "_" +
                                  std::to_string(calls.size())},
                       {"type", "function"},
                       {"function", {{"name", call.name}, {"arguments", call.arguments}}}});
    return calls;
  }

  static json numbered(json calls) {
    for (std::size_t i = 0; i < calls.size(); ++i)
      calls[i]["index"] = i;
    return calls;
  }

  static const char* finish_of(const text_so_far& text, const models::tool_reply& reply) {
    return reply.calls.empty() ? finish_name(text.end->why) : "tool_calls";
  }

  /// A text that was cut lacks its end.
  std::string written_in(const text_so_far& text) const {
    const bool whole = text.end && text.end->why == kernels::text_finish::stop;
    return begin_ + text.text + (whole ? end_ : "");
  }

  std::string id_;
  bool scored_;
  models::tool_style style_;
  std::string begin_;
  std::string end_;
  const kernels::tokenizer& words_; // of the model, which outlives its requests
  std::vector<std::size_t> shown_;  // bytes of each text
  std::vector<bool> begun_;
};

class text_completions final : public completion_base {
public:
  text_completions(answer_head head, const completion_body& asked, std::vector<std::string> echoes,
                   const models::native_model& model)
      : completion_base(std::move(head), "text_completion", "text_completion",
                        static_cast<std::size_t>(asked.how.choices))
      , scored_(asked.how.scored)
      , echoes_(std::move(echoes))
      , words_(model.words())
      , begun_(echoes_.size()) {}

  std::string body(const std::vector<text_so_far>& texts) override {
    auto choices = json::array();
    for (std::size_t i = 0; i < texts.size(); ++i)
      choices.push_back(choice(i, echoes_[i] + texts[i].text, texts[i].scores, echoes_[i].size(),
                               finish_name(texts[i].end->why)));
    return whole(std::move(choices), texts);
  }

  std::string piece(std::size_t index, const text_so_far& so_far, const std::string& fresh,
                    const std::vector<kernels::token_score>& scores) override {
    if (fresh.empty() && scores.empty() && !so_far.end)
      return {};
    const auto before = echoes_[index].size() + so_far.text.size() - fresh.size();
    const auto text = (begun_[index] ? std::string() : echoes_[index]) + fresh;
    begun_[index] = true;
    return piece_of(choice(index, text, scores, before, so_far.end ? finish_name(so_far.end->why) : nullptr));
  }

private:
  json choice(std::size_t index, const std::string& text, const std::vector<kernels::token_score>& scores,
              std::size_t offset, const char* finish) const {
    return {{"index", index},
            {"text", text},
            {"logprobs", scored_ ? completion_scores(scores, words_, offset) : json()},
            {"finish_reason", finish ? json(finish) : json()}};
  }

  bool scored_;
  std::vector<std::string> echoes_; // of each text
  const kernels::tokenizer& words_;
  std::vector<bool> begun_;
};

class embeddings final : public text_form {
public:
  embeddings(std::string model, bool base64)
      : model_(std::move(model))
      , base64_(base64) {}

  std::string body(const std::vector<text_so_far>& texts) override {
    auto list = json::array();
    for (std::size_t i = 0; i < texts.size(); ++i) {
      auto vector = texts[i].end->embedding;
      models::normalise(vector);
      list.push_back({{"object", "embedding"}, {"index", i}, {"embedding", written(vector)}});
    }
    const auto usage = usage_of_all(texts, 1);
    return json_text(
        {{"object", "list"},
         {"data", std::move(list)},
         {"model", model_},
         {"usage", {{"prompt_tokens", usage["prompt_tokens"]}, {"total_tokens", usage["prompt_tokens"]}}}});
  }
  std::string piece(std::size_t, const text_so_far&, const std::string&,
                    const std::vector<kernels::token_score>&) override {
    return {};
  }
  std::string close(const std::vector<text_so_far>&) override { return {}; }

private:
  json written(const std::vector<float>& vector) const {
    if (!base64_)
      return vector;
    return expression::to_base64(
        {reinterpret_cast<const char*>(vector.data()), vector.size() * sizeof(float)});
  }

  std::string model_;
  bool base64_;
};

} // namespace

std::shared_ptr<text_form> chat_form(answer_head head, const chat_body& asked,
                                     const models::native_model& model) {
  return std::make_shared<chat_completions>(std::move(head), asked, model);
}

std::shared_ptr<text_form> completion_form(answer_head head, const completion_body& asked,
                                           std::vector<std::string> echoes,
                                           const models::native_model& model) {
  return std::make_shared<text_completions>(std::move(head), asked, std::move(echoes), model);
}

std::shared_ptr<text_form> embedding_form(std::string model, bool base64) {
  return std::make_shared<embeddings>(std::move(model), base64);
}

} // namespace troupe::gateway::openai
