#pragma once

#include "actors/models/provider_registry.hpp"
#include "runtime/effects/executor.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace troupe::models {

/// Told of each answer: the model, the agent that asked, how long it took.
using watch_inference = std::function<void(const std::string& model, const std::string& agent, milliseconds)>;

/// "sales" of "@tenant/sales.qualifier/lead-42".
std::string domain_of(std::string_view agent);

/// Carries out `model.generate` and `model.embed` (bodies: arguments.hpp). The effect's target is a segment;
/// its models are asked in order: the next one when one is unavailable, too slow, rate-limited, out of quota,
/// without key, failing (5xx), forbidding (401, 403, 404) or answering nonsense, unless pieces of its answer
/// have been handed on. A cut or refused answer is an answer: it goes back to the caller. Embeddings only
/// move between providers of one and the same model, since vectors of two models cannot be compared.
///
/// An `adapter` in the body is answered by models of the node's own alone, with that adapter instead of the
/// segment's.
///
/// The outcome's meta says what the runtime chose and what it cost, failures included:
///   {"provider", "model", "attempts", "tokens": {"prompt", "completion", "cached"} | null,
///    "cost_micro": n | null, "latency_ms", "repeated", "tried": [{"provider", "model", "kind", "attempts"}]}
/// and "held": true where the text could not but fit the format that was asked for.
/// `cost_micro` is null when the service told no tokens or the model has no price; `tried` lists who failed
/// before.
class model_executor final : public effect_executor {
public:
  /// Both outlive the executor.
  model_executor(const provider_registry& registry, clock_source& clock, watch_inference watch = {});

  outcome execute(const effect_request& request, const cancel_token& canceled,
                  progress_sink& progress) override;

private:
  outcome generate(const effect_request& request, const segment_settings& segment, const call_scope& scope);
  outcome embed(const effect_request& request, const segment_settings& segment, const call_scope& scope);

  template<class Reply, class Ask>
  outcome ask_in_order(const effect_request& request, const segment_settings& segment, const Ask& ask,
                       std::string (*body_of)(const Reply&));

  const provider_registry& registry_;
  clock_source& clock_;
  watch_inference watch_;
};

} // namespace troupe::models
