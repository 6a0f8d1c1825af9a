#include "kernels/reference/engine.hpp"

#include "kernels/reference/pass.hpp"

#include <algorithm>

namespace troupe::kernels {

reference_engine::reference_engine(std::shared_ptr<const model_weights> model)
    : model_(std::move(model))
    , frequencies_(rope_frequencies(model_->shape.rope)) {}

result<done> reference_engine::check(std::span<const step> batch) const {
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const auto& one = batch[i];
    if (one.tokens.empty())
      return fail(fault::invalid, "a sequence without tokens has no next one", "give at least one token");
    const auto bad = std::ranges::find_if(one.tokens, [this](token_id id) {
      return id < 0 || static_cast<std::uint32_t>(id) >= model_->shape.vocabulary;
    });
    if (bad != one.tokens.end())
      return fail(fault::invalid, "token " + std::to_string(*bad) + " is outside the vocabulary of " +
                                      std::to_string(model_->shape.vocabulary));
    if (one.of->cache.positions() + one.tokens.size() > model_->shape.context)
      return fail(fault::invalid, std::to_string(one.of->cache.positions() + one.tokens.size()) +
                                      " tokens do not fit the model's context of " +
                                      std::to_string(model_->shape.context));
    if (one.of->with && one.of->with->layers.size() != model_->layers.size())
      return fail(fault::invalid, "adapter " + one.of->with->name + " is for a model of another shape");
    for (const auto& other : batch.first(i))
      if (other.of == one.of)
        return fail(fault::invalid, "a sequence can take one step at a time");
  }
  return done{};
}

result<std::vector<activations>> reference_engine::forward(std::span<const step> batch) const {
  auto whole = forward_whole(batch);
  if (!whole)
    return fail(whole);
  std::vector<activations> logits;
  for (auto& one : *whole)
    logits.push_back(std::move(one.logits));
  return logits;
}

result<std::vector<step_result>> reference_engine::forward_whole(std::span<const step> batch) const {
  if (const auto sound = check(batch); !sound)
    return fail(sound);
  return forward_pass(*model_, frequencies_, batch).run();
}

token_id most_likely(std::span<const float> logits) {
  return static_cast<token_id>(std::ranges::max_element(logits) - logits.begin());
}

} // namespace troupe::kernels
