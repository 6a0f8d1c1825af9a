#include "kernels/model/rope.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace troupe::kernels {

namespace {

constexpr double full_turn = 2 * std::numbers::pi;

/// Slow frequencies are stretched, quick ones stay, those between are mixed.
double llama3_frequency(const rope_settings& rope, double frequency) {
  const double wavelength = full_turn / frequency;
  if (wavelength < rope.original_context / rope.high_frequency_factor)
    return frequency;
  if (wavelength > rope.original_context / rope.low_frequency_factor)
    return frequency / rope.factor;
  const double smooth = (rope.original_context / wavelength - rope.low_frequency_factor) /
                        (rope.high_frequency_factor - rope.low_frequency_factor);
  return (1 - smooth) * frequency / rope.factor + smooth * frequency;
}

/// The dimension whose frequency makes so many turns within the original context.
double yarn_dimension(const rope_settings& rope, double turns) {
  return rope.dimensions * std::log(rope.original_context / (turns * full_turn)) / (2 * std::log(rope.theta));
}

struct ramp {
  double low;
  double high;
  double at(double index) const { return std::clamp((index - low) / (high - low), 0.0, 1.0); }
};

ramp yarn_ramp(const rope_settings& rope) {
  double low = yarn_dimension(rope, rope.beta_fast);
  double high = yarn_dimension(rope, rope.beta_slow);
  if (rope.truncate) {
    low = std::floor(low);
    high = std::ceil(high);
  }
  low = std::max(low, 0.0);
  high = std::min(high, rope.dimensions - 1.0);
  return {low, low == high ? high + 0.001 : high};
}

double scaled(const rope_settings& rope, double frequency, std::uint32_t index) {
  switch (rope.kind) {
  case rope_kind::plain:
    return frequency;
  case rope_kind::linear:
    return frequency / rope.factor;
  case rope_kind::llama3:
    return llama3_frequency(rope, frequency);
  case rope_kind::yarn: {
    const double stretched = yarn_ramp(rope).at(index);
    return frequency / rope.factor * stretched + frequency * (1 - stretched);
  }
  }
  return frequency;
}

} // namespace

std::vector<float> rope_frequencies(const rope_settings& rope) {
  std::vector<float> frequencies(rope.dimensions / 2);
  for (std::uint32_t i = 0; i < frequencies.size(); ++i) {
    const double plain = std::pow(rope.theta, -2.0 * i / rope.dimensions);
    const double divisor = rope.divisors.empty() ? 1.0 : static_cast<double>(rope.divisors[i]);
    frequencies[i] = static_cast<float>(scaled(rope, plain, i) / divisor);
  }
  return frequencies;
}

rope_angles angles_at(std::span<const float> frequencies, double attention_factor, std::uint32_t position) {
  rope_angles angles{std::vector<float>(frequencies.size()), std::vector<float>(frequencies.size())};
  const auto factor = static_cast<float>(attention_factor);
  for (std::size_t i = 0; i < frequencies.size(); ++i) {
    const float angle = static_cast<float>(position) * frequencies[i];
    angles.cosines[i] = std::cos(angle) * factor;
    angles.sines[i] = std::sin(angle) * factor;
  }
  return angles;
}

void turn(std::span<float> head, const rope_angles& by) {
  const auto half = by.cosines.size();
  for (std::size_t i = 0; i < half; ++i) {
    const float a = head[i];
    const float b = head[i + half];
    head[i] = a * by.cosines[i] - b * by.sines[i];
    head[i + half] = b * by.cosines[i] + a * by.sines[i];
  }
}

} // namespace troupe::kernels
