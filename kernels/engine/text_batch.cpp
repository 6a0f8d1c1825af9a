#include "kernels/engine/text_batch.hpp"

#include "kernels/engine/reference_step_engine.hpp"
#include "kernels/engine/serving_engine.hpp"

#include <algorithm>
#include <numeric>

namespace troupe::kernels {

result<std::unique_ptr<step_engine>> make_engine(precision at, std::shared_ptr<const model_weights> model,
                                                 std::uint32_t pages) {
  if (at == precision::f32)
    return std::make_unique<reference_step_engine>(std::move(model), pages);
  return serving_engine::create(std::move(model), settings_here(pages));
}

result<text_batch> text_batch::create(precision at, const std::shared_ptr<const model_weights>& model,
                                      std::vector<room> texts) {
  text_batch made;
  page_id next = 0;
  for (auto& one : texts) {
    const auto most = std::min<std::size_t>(one.tokens_max, model->shape.context); // no text is longer
    std::vector<page_id> pages((most + page_positions - 1) / page_positions);
    std::iota(pages.begin(), pages.end(), next);
    next += static_cast<page_id>(pages.size());
    made.texts_.push_back({std::move(one.with), std::move(pages)});
  }
  auto engine = make_engine(at, model, next);
  if (!engine)
    return fail(engine);
  made.engine_ = std::move(*engine);
  return made;
}

result<activations> text_batch::step(std::span<const next_tokens> next, wanted_logits logits) {
  std::vector<token_run> runs;
  for (const auto& one : next) {
    const auto& of = texts_[one.of];
    runs.push_back({.tokens = one.tokens,
                    .position = of.positions,
                    .pages = of.pages,
                    .with = of.with.get(),
                    .logits = logits});
  }
  auto made = engine_->step(runs);
  if (!made)
    return fail(made);
  for (const auto& one : next)
    texts_[one.of].positions += static_cast<std::uint32_t>(one.tokens.size());
  return std::move(made->logits);
}

result<activations> logits_of_text(precision at, const std::shared_ptr<const model_weights>& model,
                                   std::span<const token_id> tokens, std::shared_ptr<const adapter> with) {
  auto batch = text_batch::create(at, model, {{std::move(with), tokens.size()}});
  if (!batch)
    return fail(batch);
  const text_batch::next_tokens whole{0, tokens};
  return batch->step({&whole, 1}, wanted_logits::every);
}

} // namespace troupe::kernels
