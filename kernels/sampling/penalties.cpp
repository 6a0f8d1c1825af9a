#include "kernels/sampling/penalties.hpp"

#include <cstddef>

namespace troupe::kernels {

namespace {

float* at(std::span<float> logits, token_id token) {
  const auto index = static_cast<std::size_t>(token);
  return token >= 0 && index < logits.size() ? &logits[index] : nullptr;
}

} // namespace

void token_counts::apply(const penalties& what, std::span<float> logits) const {
  for (const auto& [token, count] : counts_) {
    auto* logit = at(logits, token);
    if (logit == nullptr)
      continue;
    auto value = static_cast<double>(*logit);
    value = value > 0 ? value / what.repetition : value * what.repetition;
    if (count > 0)
      value -= what.frequency * count + what.presence;
    *logit = static_cast<float>(value);
  }
  for (const auto& [token, more] : what.bias)
    if (auto* logit = at(logits, token))
      *logit += more;
}

} // namespace troupe::kernels
