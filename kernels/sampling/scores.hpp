#pragma once

#include "kernels/base/token_id.hpp"

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace troupe::kernels {

struct log_scores {
  float own = 0;
  std::vector<std::pair<token_id, float>> likeliest;
};

/// Logarithms of the shares that the logits give: of one token, and of the likeliest ones, the most likely
/// first, equals by token.
log_scores log_probabilities(std::span<const float> logits, token_id of, std::uint32_t likeliest);

} // namespace troupe::kernels
