#include "bench/engine/contender.hpp"
#include "kernels/adapters/gguf_adapter.hpp"
#include "kernels/engine/serving_engine.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <numeric>

namespace troupe::bench {

using namespace kernels;

namespace {

constexpr std::size_t prompt_tokens = 64;
constexpr std::size_t texts_max = 16;
constexpr std::size_t tokens_max = 1'024; // of a text

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

class serving_contender final : public contender {
public:
  serving_contender(std::unique_ptr<serving_engine> engine, std::vector<std::shared_ptr<const adapter>> own)
      : engine_(std::move(engine))
      , own_(std::move(own)) {
    page_id next = 0;
    for (auto& pages : pages_) {
      pages.resize(tokens_max / page_positions);
      std::iota(pages.begin(), pages.end(), next);
      next += static_cast<page_id>(pages.size());
    }
  }

  double decode(std::size_t texts, adapters with, std::size_t steps) override {
    const std::vector<token_id> prompt(prompt_tokens, 7);
    for (std::size_t i = 0; i < texts; ++i)
      step({run(i, prompt, 0, with)});
    std::vector<token_id> next(texts);
    const auto once = [&](std::size_t index) {
      std::vector<token_run> runs;
      for (std::size_t i = 0; i < texts; ++i) {
        next[i] = static_cast<token_id>(1 + (index * 31 + i) % 1'000);
        runs.push_back(run(i, std::span(&next[i], 1), prompt_tokens + index, with));
      }
      step(runs);
    };
    once(0);
    const auto begin = std::chrono::steady_clock::now();
    for (std::size_t index = 1; index <= steps; ++index)
      once(index);
    return static_cast<double>(texts * steps) / seconds_since(begin);
  }

  double prefill(std::size_t tokens, adapters with) override {
    std::vector<token_id> prompt(tokens);
    for (std::size_t i = 0; i < tokens; ++i)
      prompt[i] = static_cast<token_id>(1 + i % 1'000);
    step({run(0, prompt, 0, with)}); // pages, and the adapter's packed form
    const auto begin = std::chrono::steady_clock::now();
    step({run(0, prompt, 0, with)});
    return static_cast<double>(tokens) / seconds_since(begin);
  }

  std::vector<float> logits(std::span<const token_id> tokens, adapters with) override {
    auto whole = run(0, tokens, 0, with);
    whole.logits = wanted_logits::every;
    const auto made = step({whole}).logits;
    return {made.values().begin(), made.values().end()};
  }

  double resident_bytes() override {
    std::ifstream about("/proc/self/statm");
    double pages = 0;
    about >> pages >> pages;
    return pages * 4'096;
  }

private:
  token_run run(std::size_t text, std::span<const token_id> tokens, std::size_t position,
                adapters with) const {
    const auto* own = with == adapters::none ? nullptr : own_[with == adapters::one ? 0 : text].get();
    return {.tokens = tokens,
            .position = static_cast<std::uint32_t>(position),
            .pages = pages_[text],
            .with = own};
  }

  step_output step(const std::vector<token_run>& runs) { return engine_->step(runs).value(); }

  std::unique_ptr<serving_engine> engine_;
  std::vector<std::shared_ptr<const adapter>> own_;
  std::vector<page_id> pages_[texts_max];
};

} // namespace

result<std::unique_ptr<contender>> our_engine(const contender_files& files, std::size_t threads) {
  auto loaded = load_model(files.model);
  if (!loaded)
    return fail(loaded);
  const auto model = std::make_shared<const model_weights>(std::move(*loaded));
  std::vector<std::shared_ptr<const adapter>> own;
  for (const auto& path : files.adapters) {
    auto read = load_adapter(path, model->shape);
    if (!read)
      return fail(read);
    own.push_back(std::make_shared<const adapter>(std::move(*read)));
  }
  auto settings = settings_here(static_cast<std::uint32_t>(texts_max * tokens_max / page_positions));
  settings.threads = threads;
  auto engine = serving_engine::create(model, settings);
  if (!engine)
    return fail(engine);
  return std::make_unique<serving_contender>(std::move(*engine), std::move(own));
}

} // namespace troupe::bench
