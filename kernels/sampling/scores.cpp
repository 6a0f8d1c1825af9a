#include "kernels/sampling/scores.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace troupe::kernels {

log_scores log_probabilities(std::span<const float> logits, token_id of, std::uint32_t likeliest) {
  const auto largest = static_cast<double>(*std::ranges::max_element(logits));
  double sum = 0;
  for (const auto logit : logits)
    sum += std::exp(static_cast<double>(logit) - largest);
  const auto whole = largest + std::log(sum);
  const auto score = [&](std::size_t token) {
    return static_cast<float>(static_cast<double>(logits[token]) - whole);
  };
  log_scores scores{score(static_cast<std::size_t>(of)), {}};
  std::vector<std::size_t> order(logits.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto count = std::min<std::size_t>(likeliest, order.size());
  std::partial_sort(
      order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
      [&](auto a, auto b) { return logits[a] > logits[b] || (logits[a] == logits[b] && a < b); });
  for (std::size_t i = 0; i < count; ++i)
    scores.likeliest.emplace_back(static_cast<token_id>(order[i]), score(order[i]));
  return scores;
}

} // namespace troupe::kernels
