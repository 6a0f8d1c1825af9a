#pragma once

#include "kernels/engine/step_engine.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace troupe::kernels {

/// What figures are computed with.
enum class precision : std::uint8_t {
  f32,    // the float32 reference
  serving // what is fast: activations rounded to bytes, half precision keys and values, bfloat16 adapters
};

result<std::unique_ptr<step_engine>> make_engine(precision at, std::shared_ptr<const model_weights> model,
                                                 std::uint32_t pages);

/// Texts under way together on an engine of their own, each with an adapter and room for so many tokens.
class text_batch {
public:
  struct room {
    std::shared_ptr<const adapter> with; // null: the base model alone
    std::size_t tokens_max = 0;
  };
  /// Tokens that a text takes in one step.
  struct next_tokens {
    std::size_t of;
    std::span<const token_id> tokens;
  };

  static result<text_batch> create(precision at, const std::shared_ptr<const model_weights>& model,
                                   std::vector<room> texts);

  /// Logits of the texts in order: of the last token of each, a row each, or of every one.
  result<activations> step(std::span<const next_tokens> next, wanted_logits logits = wanted_logits::last);
  /// How many tokens a text has taken.
  std::uint32_t positions(std::size_t text) const { return texts_[text].positions; }

private:
  struct text {
    std::shared_ptr<const adapter> with;
    std::vector<page_id> pages;
    std::uint32_t positions = 0;
  };
  std::unique_ptr<step_engine> engine_;
  std::vector<text> texts_;
};

/// Logits at every position of one text alone.
result<activations> logits_of_text(precision at, const std::shared_ptr<const model_weights>& model,
                                   std::span<const token_id> tokens, std::shared_ptr<const adapter> with);

} // namespace troupe::kernels
