#pragma once

#include "kernels/train/parameters.hpp"

#include <cstdint>

namespace troupe::kernels::train {

struct adamw_settings {
  double first_decay = 0.9;
  double second_decay = 0.999;
  double epsilon = 1e-8;
  double weight_decay = 0;
};

/// AdamW with decoupled decay: p becomes p * (1 - rate * decay) - rate * m / (sqrt(v) + epsilon), with both
/// moments corrected for their start at zero.
class adamw {
public:
  adamw(const parameters<float>& like, const adamw_settings& settings);

  void step(parameters<float>& values, parameters<float>& gains, double rate);

  std::uint64_t steps() const noexcept { return steps_; }
  /// For saving and resuming: what it is besides its settings.
  parameters<float>& first_moments() { return first_; }
  parameters<float>& second_moments() { return second_; }
  const parameters<float>& first_moments() const { return first_; }
  const parameters<float>& second_moments() const { return second_; }
  void resume_at(std::uint64_t steps) { steps_ = steps; }

private:
  adamw_settings settings_;
  parameters<float> first_;
  parameters<float> second_;
  std::uint64_t steps_ = 0;
};

/// The length of all gains as one vector.
double norm_of(parameters<float>& gains);
/// Scales the gains so that their norm is at most `limit`.
void clip(parameters<float>& gains, double norm, double limit);

/// Linear warm-up, then half a cosine down to `floor` of the rate.
struct rate_schedule {
  double rate = 0;
  std::uint64_t warm_up = 0;
  std::uint64_t steps = 0;
  double floor = 0;

  double at(std::uint64_t step) const;
};

} // namespace troupe::kernels::train
