#pragma once

#include "kernels/base/token_id.hpp"

#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace troupe::kernels {

/// What makes tokens less (or more) likely before one is drawn.
struct penalties {
  double repetition = 1; // logits of tokens in the prompt or the text: divided by it, multiplied below zero
  double frequency = 0;  // taken off for each time a token stands in the text
  double presence = 0;   // taken off once for a token that stands in the text
  std::vector<std::pair<token_id, float>> bias; // added

  bool none() const noexcept { return repetition == 1 && frequency == 0 && presence == 0 && bias.empty(); }
};

/// How often tokens have come up in one text.
class token_counts {
public:
  void in_prompt(token_id token) { counts_[token]; }
  void made(token_id token) { ++counts_[token]; }

  /// Applies all to the logits: repetition, frequency, presence, bias. Tokens outside them are passed over.
  void apply(const penalties& what, std::span<float> logits) const;

private:
  std::unordered_map<token_id, int> counts_;
};

} // namespace troupe::kernels
