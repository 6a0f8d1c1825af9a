#include "actors/models/predict_session.hpp"

#include "actors/models/limits.hpp"
#include "actors/models/reply.hpp"

#include <nlohmann/json.hpp>

namespace troupe::models {
namespace {

predict_step failed(std::string kind, std::string message) {
  predict_step step;
  step.failure = outcome::failure(std::move(kind), std::move(message));
  return step;
}

} // namespace

predict_session::predict_session(signature sig, int reasks)
    : signature_(std::move(sig))
    , tries_(reasks + 1) {
  ensure(reasks >= 0 && reasks <= limits::reasks, "a prediction asks again a limited number of times");
}

predict_step predict_session::start(std::string_view input) {
  ensure(asked_ == 0, "a prediction starts once");
  const auto value = parse_json(input, limits::request_bytes, "the input of " + signature_.title());
  if (!value)
    return failed("invalid", value.error().message);
  auto messages = signature_.render(*value);
  if (!messages)
    return failed("invalid", messages.error().message);
  question_ = *messages;
  return ask(std::move(*messages));
}

predict_step predict_session::feed(std::string_view reply, bool held) {
  ensure(asking_, "a reply answers a question");
  asking_ = false;
  const auto value = extract_json(reply);
  const auto broken = value ? signature_.output().check(*value) : std::nullopt;
  if (value && !broken) {
    predict_step step;
    step.state = predict_state::done;
    step.output = dump_json(*value);
    return step;
  }
  const std::string why = value ? broken->sentence : value.error().message;
  if (held || asked_ >= tries_)
    return give_up(why);
  auto messages = question_;
  if (!reply.empty()) // endpoints refuse messages without content
    messages.push_back({chat_role::assistant, std::string(reply.substr(0, limits::quoted_reply_bytes))});
  messages.push_back(repair_request(why));
  return ask(std::move(messages));
}

predict_step predict_session::ask(std::vector<chat_message> messages) {
  ++asked_;
  asking_ = true;
  predict_step step;
  step.state = predict_state::asking;
  step.messages = std::move(messages);
  return step;
}

predict_step predict_session::give_up(const std::string& why) {
  auto step = failed("model.invalid_output", "no answer to " + signature_.title() +
                                                 " fits its schema after " + std::to_string(asked_) +
                                                 (asked_ == 1 ? " try" : " tries") + "; the last: " + why);
  step.failure.meta = dump_json({{"signature", signature_.title()}, {"asked", asked_}, {"violation", why}});
  return step;
}

} // namespace troupe::models
