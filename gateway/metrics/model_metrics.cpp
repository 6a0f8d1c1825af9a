#include "gateway/metrics/model_metrics.hpp"

#include "actors/models/native/native_service.hpp"

#include <array>

namespace troupe::gateway {

namespace {

using kernels::serving_counters;

const metric inference_seconds{metric_kind::histogram,
                               "ai_inference_duration_seconds",
                               "How long an answer of a model took, from asking to its end.",
                               {0.1, 0.5, 1, 2, 5, 10}};
const metric queue_depth{metric_kind::gauge, "inference_queue_depth",
                         "Requests that wait for a place in a model's batch."};

struct row {
  metric what;
  std::uint64_t (*value)(const serving_counters&);
};

const std::array<row, 13> rows{{
    {{metric_kind::counter, "troupe_model_steps_total", "Steps of the model."},
     [](const serving_counters& c) { return c.steps; }},
    {{metric_kind::counter, "troupe_model_mixed_steps_total",
      "Steps whose texts used different adapters of one model, the model alone counted as one."},
     [](const serving_counters& c) { return c.mixed_steps; }},
    {{metric_kind::counter, "troupe_model_prompt_tokens_total", "Tokens of prompts."},
     [](const serving_counters& c) { return c.prompt_tokens; }},
    {{metric_kind::counter, "troupe_model_cached_tokens_total",
      "Tokens of prompts that were known from texts which begin alike."},
     [](const serving_counters& c) { return c.cached_tokens; }},
    {{metric_kind::counter, "troupe_model_computed_tokens_total",
      "Tokens put through the model, computed again ones included."},
     [](const serving_counters& c) { return c.computed_tokens; }},
    {{metric_kind::counter, "troupe_model_completion_tokens_total", "Tokens made."},
     [](const serving_counters& c) { return c.completion_tokens; }},
    {{metric_kind::counter, "troupe_model_preemptions_total", "Texts that gave way to others."},
     [](const serving_counters& c) { return c.preemptions; }},
    {{metric_kind::gauge, "troupe_model_batch_texts", "Texts in the last step."},
     [](const serving_counters& c) { return std::uint64_t{c.batch_texts}; }},
    {{metric_kind::gauge, "troupe_model_batch_adapters",
      "Different adapters in the last step, the model alone counted as one."},
     [](const serving_counters& c) { return std::uint64_t{c.batch_adapters}; }},
    {{metric_kind::gauge, "troupe_model_batch_adapters_most",
      "The most different adapters in one step so far."},
     [](const serving_counters& c) { return std::uint64_t{c.batch_adapters_most}; }},
    {{metric_kind::gauge, "troupe_model_running", "Texts under way."},
     [](const serving_counters& c) { return std::uint64_t{c.running}; }},
    {{metric_kind::gauge, "troupe_model_pages_free", "Pages of the cache that nobody uses."},
     [](const serving_counters& c) { return std::uint64_t{c.pages_free}; }},
    {{metric_kind::gauge, "troupe_model_pages_known", "Pages kept for texts that begin alike."},
     [](const serving_counters& c) { return std::uint64_t{c.pages_known}; }},
}};

} // namespace

void record_models(metric_sink& sink, const models::native_services& all) {
  for (const auto& [name, service] : all) {
    const metric_labels labels{{"model", name}};
    const auto seen = service->server().counters();
    sink.set(queue_depth, labels, seen.waiting);
    for (const auto& [what, value] : rows) {
      const auto now = static_cast<double>(value(seen));
      what.kind == metric_kind::counter ? sink.count_to(what, labels, now) : sink.set(what, labels, now);
    }
  }
}

void record_inference(metric_sink& sink, const std::string& model, const std::string& domain,
                      std::chrono::milliseconds took) {
  sink.observe(inference_seconds, {{"model", model}, {"domain", domain}},
               std::chrono::duration<double>(took).count());
}

} // namespace troupe::gateway
