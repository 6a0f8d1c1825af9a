#pragma once

#include "kernels/cuda/device.cuh"

#include <cmath>
#include <random>
#include <vector>

namespace troupe::kernels::cuda {

/// Numbers between -spread and spread, the same on every machine.
class draws {
public:
  explicit draws(std::uint32_t seed)
      : random_(seed) {}

  float one(float spread) { return (static_cast<float>(random_() >> 8) * 0x1p-23f - 1) * spread; }
  std::vector<float> floats(std::size_t count, float spread) {
    std::vector<float> values(count);
    for (auto& v : values)
      v = one(spread);
    return values;
  }
  std::vector<bf16> halves(std::size_t count, float spread) {
    std::vector<bf16> values(count);
    for (auto& v : values)
      v = to_bf16(one(spread));
    return values;
  }

private:
  std::mt19937 random_;
};

inline double value(bf16 v) { return static_cast<double>(to_float(v)); }
inline double value(float v) { return static_cast<double>(v); }

/// How far two numbers are apart, as a share of `largest`; NaN is as far as can be.
inline double share_of(double wanted, double got, double largest) {
  const double off = std::fabs(wanted - got);
  return std::isnan(off) ? INFINITY : off / largest;
}

} // namespace troupe::kernels::cuda
