#include "actors/models/predict_executor.hpp"

#include "actors/models/arguments.hpp"
#include "actors/models/json_text.hpp"
#include "actors/models/predict_session.hpp"
#include "runtime/base/text.hpp"

#include <nlohmann/json.hpp>

namespace troupe::models {
namespace {

outcome invalid(std::string message) { return outcome::failure("invalid", std::move(message)); }

std::string text_in(const json& from, const char* name) {
  const auto found = from.find(name);
  return found != from.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string json_in(const json& from, const char* name) {
  const auto found = from.find(name);
  return found == from.end() ? "{}" : found->dump();
}

result<signature> signature_of(const json& body) {
  signature_text text;
  text.name = text_in(body, "name");
  text.version = body.value("version", 1u);
  text.instructions = text_in(body, "instructions");
  text.input = json_in(body, "input_schema");
  text.output = json_in(body, "output_schema");
  return signature::make(std::move(text));
}

/// The model could not have written anything that does not fit.
bool was_held(const std::string& meta) {
  const auto told = read_json(meta);
  return told.is_object() && told.value("held", false);
}

/// What several askings cost together; the rest is the last one's.
class added_cost {
public:
  void add(const std::string& meta) {
    auto one = read_json(meta);
    if (!one.is_object())
      return;
    if (const auto tokens = one.find("tokens"); tokens != one.end() && tokens->is_object())
      for (const auto& [name, count] : tokens->items())
        if (count.is_number_integer())
          tokens_[name] = tokens_.value(name, std::int64_t{0}) + count.get<std::int64_t>();
    if (const auto cost = one.find("cost_micro"); cost != one.end() && cost->is_number_integer())
      cost_ += cost->get<std::int64_t>();
    last_ = std::move(one);
    ++asked_;
  }

  std::string text() {
    if (!tokens_.empty())
      last_["tokens"] = tokens_;
    last_["cost_micro"] = cost_;
    last_["asked"] = asked_;
    return dump_json(last_);
  }

private:
  json last_ = json::object();
  json tokens_ = json::object();
  std::int64_t cost_ = 0;
  int asked_ = 0;
};

} // namespace

predict_executor::predict_executor(std::shared_ptr<effect_executor> generate, int reasks)
    : generate_(std::move(generate))
    , reasks_(reasks) {}

outcome predict_executor::execute(const effect_request& request, const cancel_token& canceled,
                                  progress_sink& progress) {
  try {
    const auto body = read_json(request.body);
    if (!body.is_object())
      return invalid("the arguments of model.predict are no JSON object");
    auto asked_for = signature_of(body);
    if (!asked_for)
      return invalid(asked_for.error().message);
    const auto format = asked_for->format();
    predict_session session(std::move(*asked_for), reasks_);
    added_cost cost;
    auto step = session.start(json_in(body, "input"));
    for (int round = 0; step.state == predict_state::asking; ++round) {
      chat_request wanted;
      wanted.messages = std::move(step.messages);
      wanted.format = format;
      wanted.adapter = text_in(body, "adapter");
      auto one = request;
      one.verb = "model.generate";
      one.body = generate_arguments(wanted);
      if (round > 0) // another question wants another key
        one.idempotency_key += "/" + std::to_string(round);
      auto reply = generate_->execute(one, canceled, progress);
      cost.add(reply.meta);
      if (!reply.ok) {
        reply.meta = cost.text();
        return reply;
      }
      auto text = read_generate_result(reply.body);
      if (!text)
        return invalid(text.error().message);
      step = session.feed(*text, was_held(reply.meta));
    }
    if (step.state == predict_state::done)
      return outcome::success(step.output, cost.text());
    step.failure.meta = cost.text();
    return step.failure;
  } catch (const std::exception& e) {
    return outcome::failure("model.internal", e.what());
  }
}

} // namespace troupe::models
