#pragma once

#include "kernels/engine/reference_step_engine.hpp"
#include "kernels/serving/scheduler.hpp"
#include "kernels/tokenizer/read.hpp"
#include "tests/unit/kernels/golden_models.hpp"
#include <boost/test/unit_test.hpp>

#include <map>
#include <random>

namespace troupe::kernels::tests {

/// What came of one request.
struct heard {
  std::string text;
  std::vector<std::string> pieces;
  std::vector<token_id> tokens;
  std::vector<token_score> scores;
  std::optional<text_end> end;
};

inline const std::shared_ptr<const model_weights>& tiny_model() {
  static const auto model = golden_model("llama-gqa");
  return model;
}

inline const tokenizer& tiny_words() {
  static const auto words = open_tokenizer(golden_folder("llama-gqa") + "/model").value();
  return words;
}

/// This factor makes an adapter for models with a layer less.
constexpr float misfit = 99;

/// The golden adapter, with its gains multiplied so that several ones differ.
inline std::shared_ptr<const adapter> tiny_adapter(float factor) {
  auto made = load_peft_adapter(golden_folder("llama-gqa") + "/adapter", tiny_model()->shape).value();
  if (factor == misfit)
    made.layers.pop_back();
  for (auto& layer : made.layers)
    for (auto* pair : {&layer.query, &layer.key, &layer.value, &layer.output})
      pair->scale *= factor;
  return std::make_shared<const adapter>(std::move(made));
}

/// A scheduler over the reference engine that hears everything and loads adapters between two steps: their
/// path is the factor.
struct serving_rig {
  explicit serving_rig(scheduler_limits limits = {}, std::uint32_t pages = 256, registry_limits known = {})
      : engine(tiny_model(), pages)
      , adapters(known)
      , served(engine, &tiny_words(), adapters, limits) {}

  request_id ask(text_request asked) { return served.submit(std::move(asked)).value(); }

  void load() {
    while (const auto job = adapters.next_job())
      served.adapter_loaded(
          *job, job->path == "broken"
                    ? result<std::shared_ptr<const adapter>>(fail(fault::corrupt, "broken is no adapter"))
                    : result<std::shared_ptr<const adapter>>(tiny_adapter(std::stof(job->path))));
  }

  void step() {
    load();
    for (auto& update : served.step(now)) {
      auto& one = all[update.of];
      one.text += update.text;
      if (!update.text.empty())
        one.pieces.push_back(update.text);
      one.tokens.insert(one.tokens.end(), update.tokens.begin(), update.tokens.end());
      std::ranges::move(update.scores, std::back_inserter(one.scores));
      BOOST_TEST_REQUIRE((!one.end || !update.end)); // ends once
      if (update.end)
        one.end = std::move(update.end);
    }
  }

  void finish() {
    for (int steps = 0; !served.is_idle(); ++steps) {
      BOOST_TEST_REQUIRE(steps < 100'000);
      step();
    }
  }

  const heard& answer(text_request asked) {
    const auto id = ask(std::move(asked));
    finish();
    return all[id];
  }

  reference_step_engine engine;
  adapter_registry adapters;
  scheduler served;
  serving_time now{0};
  std::map<request_id, heard> all;
};

inline std::vector<token_id> some_tokens(std::size_t count, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<token_id> tokens(count);
  for (auto& token : tokens)
    token = static_cast<token_id>(2 + random() % 318);
  return tokens;
}

inline text_request plain_request(std::vector<token_id> prompt, std::uint32_t tokens_max,
                                  std::string adapter = {}) {
  text_request asked;
  asked.prompt = std::move(prompt);
  asked.tokens_max = tokens_max;
  asked.adapter = std::move(adapter);
  asked.ignore_end = true;
  return asked;
}

} // namespace troupe::kernels::tests
