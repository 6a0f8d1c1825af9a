#pragma once

#include "kernels/adapters/adapter.hpp"
#include "kernels/base/token_id.hpp"
#include "kernels/model/weights.hpp"
#include "kernels/reference/arithmetic.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace troupe::kernels {

/// Keys and values of the positions seen so far, by layer.
class kv_cache {
public:
  explicit kv_cache(const model_shape& shape)
      : layers_(shape.layers) {}

  struct layer {
    std::vector<float> keys; // position after position
    std::vector<float> values;
  };
  layer& at(std::size_t index) { return layers_[index]; }
  std::uint32_t positions() const noexcept { return positions_; }
  void advance(std::size_t count) { positions_ += static_cast<std::uint32_t>(count); }

private:
  std::vector<layer> layers_;
  std::uint32_t positions_ = 0;
};

/// One text under way: what it has seen, and whose adapter answers it.
struct sequence {
  explicit sequence(const model_shape& shape, std::shared_ptr<const adapter> own = nullptr)
      : cache(shape)
      , with(std::move(own)) {}

  kv_cache cache;
  std::shared_ptr<const adapter> with; // null: the base model alone
};

/// Tokens that a sequence takes in one step.
struct step {
  sequence* of;
  std::span<const token_id> tokens;
  bool every_position = false; // else logits of the last one alone
  bool hidden = false;         // the state behind the last norm, of every position
};

/// What a step came to.
struct step_result {
  activations logits;
  activations hidden; // empty unless it was asked for
};

/// The forward pass in plain float32, the judge of all faster ones: every family, any stored kind, an adapter
/// for each sequence. Each sum is taken in an order that depends on its length alone, so that a sequence's
/// figures are the same bits alone and in any batch, in one step and in many.
class reference_engine {
public:
  explicit reference_engine(std::shared_ptr<const model_weights> model);

  const model_weights& model() const noexcept { return *model_; }

  /// Logits of each step, in order. Refuses tokens outside the vocabulary, empty steps, a sequence named
  /// twice, texts longer than the context and adapters of another shape before it touches any sequence.
  result<std::vector<activations>> forward(std::span<const step> batch) const;
  /// The same with the hidden states of the steps that ask for them.
  result<std::vector<step_result>> forward_whole(std::span<const step> batch) const;

private:
  result<done> check(std::span<const step> batch) const;

  std::shared_ptr<const model_weights> model_;
  std::vector<float> frequencies_;
};

/// The token of the largest logit, the first of equals.
token_id most_likely(std::span<const float> logits);

} // namespace troupe::kernels
