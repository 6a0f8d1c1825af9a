#include "kernels/reference/routing.hpp"

#include "kernels/reference/arithmetic.hpp"

#include <algorithm>
#include <numeric>

namespace troupe::kernels {

std::vector<expert_choice> choose_experts(std::span<const float> scores, std::uint32_t count) {
  std::vector<float> shares(scores.begin(), scores.end());
  softmax(shares);
  std::vector<std::uint32_t> order(shares.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::stable_sort(order, [&shares](auto a, auto b) { return shares[a] > shares[b]; });
  float sum = 0;
  for (std::uint32_t i = 0; i < count; ++i)
    sum += shares[order[i]];
  std::vector<expert_choice> chosen;
  for (std::uint32_t i = 0; i < count; ++i)
    chosen.push_back({order[i], shares[order[i]] / sum});
  return chosen;
}

} // namespace troupe::kernels
