#include "kernels/train/optimizer.hpp"

#include <array>
#include <cmath>
#include <numbers>

namespace troupe::kernels::train {

adamw::adamw(const parameters<float>& like, const adamw_settings& settings)
    : settings_(settings)
    , first_(like.zeros())
    , second_(like.zeros()) {}

void adamw::step(parameters<float>& values, parameters<float>& gains, double rate) {
  ++steps_;
  const auto s = settings_;
  const auto count = static_cast<double>(steps_);
  const double first_so_far = 1 - std::pow(s.first_decay, count);
  const double second_so_far = std::sqrt(1 - std::pow(s.second_decay, count));
  const auto kept = static_cast<float>(1 - rate * s.weight_decay);
  const auto b1 = static_cast<float>(s.first_decay), b2 = static_cast<float>(s.second_decay);
  // Not 1 - b2: that would be off by a part in twenty thousand.
  const auto c1 = static_cast<float>(1 - s.first_decay), c2 = static_cast<float>(1 - s.second_decay);
  const auto size = static_cast<float>(rate / first_so_far);
  const auto root = static_cast<float>(second_so_far);
  const auto epsilon = static_cast<float>(s.epsilon);
  const std::array sets{&values, &gains, &first_, &second_};
  parameters<float>::for_each(sets, [&](std::span<const std::span<float>> same) {
    const auto p = same[0], g = same[1], m = same[2], v = same[3];
    for (std::size_t i = 0; i < p.size(); ++i) {
      m[i] = b1 * m[i] + c1 * g[i];
      v[i] = b2 * v[i] + c2 * g[i] * g[i];
      p[i] = p[i] * kept - size * m[i] / (std::sqrt(v[i]) / root + epsilon);
    }
  });
}

double norm_of(parameters<float>& gains) {
  double sum = 0;
  const std::array sets{&gains};
  parameters<float>::for_each(sets, [&sum](std::span<const std::span<float>> same) {
    for (const float v : same[0])
      sum += static_cast<double>(v) * static_cast<double>(v);
  });
  return std::sqrt(sum);
}

void clip(parameters<float>& gains, double norm, double limit) {
  const double factor = limit / (norm + 1e-6);
  if (factor >= 1)
    return;
  const std::array sets{&gains};
  parameters<float>::for_each(sets, [factor](std::span<const std::span<float>> same) {
    for (float& v : same[0])
      v *= static_cast<float>(factor);
  });
}

double rate_schedule::at(std::uint64_t step) const {
  if (step < warm_up)
    return rate * static_cast<double>(step + 1) / static_cast<double>(warm_up);
  if (steps <= warm_up)
    return rate;
  const double along = static_cast<double>(step - warm_up) / static_cast<double>(steps - warm_up);
  return rate * (floor + (1 - floor) * 0.5 * (1 + std::cos(std::numbers::pi * std::min(along, 1.0))));
}

} // namespace troupe::kernels::train
