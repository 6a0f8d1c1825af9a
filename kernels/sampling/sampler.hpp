#pragma once

#include "kernels/base/token_id.hpp"

#include <cstdint>
#include <span>

namespace troupe::kernels {

/// How the next token is drawn. Filters apply in this order, each to what the one before left: temperature,
/// top-k, top-p, min-p.
struct sampling {
  double temperature = 0;  // 0: the most likely token, and nothing below matters
  std::uint32_t top_k = 0; // 0: all
  double top_p = 1;
  double min_p = 0;
  std::uint64_t seed = 0;
};

/// The next token of a text. The draw depends on the seed, the position and the logits alone, so a text comes
/// out the same alone and in any batch. Logits are not empty; those of minus infinity are never drawn, unless
/// all are.
token_id draw(const sampling& how, std::span<const float> logits, std::uint64_t position);

} // namespace troupe::kernels
