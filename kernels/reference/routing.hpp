#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace troupe::kernels {

struct expert_choice {
  std::uint32_t expert;
  float share;
};

/// The experts of the largest shares, the first of equals, and their shares scaled to a sum of one.
std::vector<expert_choice> choose_experts(std::span<const float> scores, std::uint32_t count);

} // namespace troupe::kernels
