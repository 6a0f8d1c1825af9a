#include "actors/models/model_executor.hpp"

#include "actors/models/arguments.hpp"
#include "actors/models/json_text.hpp"
#include "actors/models/limits.hpp"

#include <exception>
#include <nlohmann/json.hpp>
#include <type_traits>

namespace troupe::models {
namespace {

outcome invalid(std::string message) { return outcome::failure("invalid", std::move(message)); }

/// Whether another model may do what this one did not.
bool worth_another(const provider_failure& failure) {
  if (failure.delivered)
    return false;
  const std::string_view kind = failure.kind;
  for (const auto passing : {"unavailable", "timeout", "rate_limited", "model.quota", "model.no_key",
                             "model.bad_response", "http.401", "http.403", "http.404", "http.408"})
    if (kind == passing)
      return true;
  return kind.starts_with("http.5");
}

/// What an effect's meta tells, gathered over the models asked.
class account {
public:
  account(const provider_registry& registry, const effect_request& request, clock_source& clock)
      : registry_(registry)
      , clock_(clock)
      , start_(clock.now())
      , repeated_(request.repeated) {}

  void answered_by(const model_choice& choice, const std::string& model, int attempts,
                   const std::optional<token_usage>& usage) {
    json cost;
    json tokens;
    if (usage) {
      tokens = {{"prompt", usage->prompt}, {"completion", usage->completion}, {"cached", usage->cached}};
      cost = cost_of(choice, model, *usage);
    }
    meta_["provider"] = choice.provider;
    meta_["model"] = model.empty() ? choice.model : shorten(model, limits::quoted_bytes);
    meta_["attempts"] = attempts;
    meta_["tokens"] = std::move(tokens);
    meta_["cost_micro"] = std::move(cost);
  }

  void held(bool to_the_format) {
    if (to_the_format)
      meta_["held"] = true;
  }

  void failed_by(const model_choice& choice, const provider_failure& failure) {
    tried_.push_back({{"provider", choice.provider},
                      {"model", choice.model},
                      {"kind", failure.kind},
                      {"attempts", failure.attempts}});
  }

  std::string text() {
    meta_["latency_ms"] = (clock_.now() - start_).count();
    meta_["repeated"] = repeated_;
    meta_["tried"] = std::move(tried_);
    return dump_json(meta_);
  }

private:
  json cost_of(const model_choice& choice, const std::string& model, const token_usage& usage) const {
    const price_table& prices = registry_.at(choice.provider).prices;
    auto cost = prices.cost(model, usage);
    if (!cost) // a service may answer under a name of its own
      cost = prices.cost(choice.model, usage);
    return cost ? json(*cost) : json();
  }

  const provider_registry& registry_;
  clock_source& clock_;
  instant start_;
  bool repeated_;
  json meta_ = json::object();
  json tried_ = json::array();
};

/// Whoever asks for an adapter wants that one to answer: services of others, and other adapters, do not.
segment_settings with_adapter(const provider_registry& registry, segment_settings segment,
                              const std::string& adapter) {
  if (adapter.empty())
    return segment;
  std::erase_if(segment.choices,
                [&](const model_choice& one) { return !registry.natives().contains(one.provider); });
  for (auto& one : segment.choices)
    one.model = one.provider + "+" + adapter;
  return segment;
}

} // namespace

std::string domain_of(std::string_view agent) {
  if (agent.starts_with('@'))
    agent.remove_prefix(std::min(agent.find('/'), agent.size() - 1) + 1);
  return std::string(agent.substr(0, agent.find_first_of("./")));
}

model_executor::model_executor(const provider_registry& registry, clock_source& clock, watch_inference watch)
    : registry_(registry)
    , clock_(clock)
    , watch_(std::move(watch)) {}

outcome model_executor::execute(const effect_request& request, const cancel_token& canceled,
                                progress_sink& progress) {
  try {
    const segment_settings* segment = registry_.segment(request.target);
    if (segment == nullptr)
      return invalid("there is no model segment \"" + shorten(request.target, limits::quoted_bytes) +
                     "\"; configured: " + registry_.segment_names());
    const call_scope scope{request.deadline, request.idempotency_key, canceled, progress};
    if (request.verb == "model.generate")
      return generate(request, *segment, scope);
    if (request.verb == "model.embed")
      return embed(request, *segment, scope);
    return invalid("models do not know the verb " + shorten(request.verb, limits::quoted_bytes));
  } catch (const std::exception& e) {
    return outcome::failure("model.internal", shorten(e.what(), limits::message_bytes));
  }
}

template<class Reply, class Ask>
outcome model_executor::ask_in_order(const effect_request& request, const segment_settings& segment,
                                     const Ask& ask, std::string (*body_of)(const Reply&)) {
  account spent(registry_, request, clock_);
  for (std::size_t i = 0; i < segment.choices.size(); ++i) {
    const model_choice& choice = segment.choices[i];
    const auto begun = clock_.now();
    provided<answered<Reply>> answer = ask(*registry_.at(choice.provider).provider, choice.model);
    if (answer) {
      if (watch_)
        watch_(choice.model, request.agent, clock_.now() - begun);
      spent.answered_by(choice, answer->reply.model, answer->attempts, answer->reply.usage);
      if constexpr (std::is_same_v<Reply, chat_reply>)
        spent.held(answer->reply.held);
      return outcome::success(body_of(answer->reply), spent.text());
    }
    const provider_failure& failure = answer.error();
    if (i + 1 < segment.choices.size() && worth_another(failure)) {
      spent.failed_by(choice, failure);
      continue;
    }
    outcome failed = outcome::failure(failure.kind, failure.message);
    spent.answered_by(choice, failure.model, failure.attempts, failure.usage);
    failed.meta = spent.text();
    return failed;
  }
  return invalid("the segment has no model");
}

outcome model_executor::generate(const effect_request& request, const segment_settings& segment,
                                 const call_scope& scope) {
  auto arguments = read_generate_arguments(request.body);
  if (!arguments)
    return invalid(arguments.error().message);
  if (!arguments->temperature)
    arguments->temperature = segment.temperature;
  if (!arguments->max_tokens)
    arguments->max_tokens = segment.max_tokens;
  const auto able = with_adapter(registry_, segment, arguments->adapter);
  if (able.choices.empty())
    return invalid("the adapter \"" + arguments->adapter +
                   "\" needs a model of the node's own, and the segment \"" + request.target +
                   "\" names none");
  const auto ask = [&](model_provider& provider, const std::string& model) {
    arguments->model = model;
    return provider.generate(*arguments, scope);
  };
  return ask_in_order<chat_reply>(request, able, ask, &generate_result);
}

outcome model_executor::embed(const effect_request& request, const segment_settings& segment,
                              const call_scope& scope) {
  auto arguments = read_embed_arguments(request.body);
  if (!arguments)
    return invalid(arguments.error().message);
  const auto ask = [&](model_provider& provider, const std::string& model) {
    arguments->model = model;
    return provider.embed(*arguments, scope);
  };
  segment_settings same_model = segment; // vectors of two models cannot be compared
  std::erase_if(same_model.choices,
                [&](const model_choice& c) { return c.model != segment.choices[0].model; });
  return ask_in_order<embed_reply>(request, same_model, ask, &embed_result);
}

} // namespace troupe::models
