#include "kernels/reference/arithmetic.hpp"

#include "kernels/base/result.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>

namespace troupe::kernels {

namespace {

// Four floats that the compiler maps to whatever the target has; eight of them hide the latency of additions.
using lanes = float __attribute__((vector_size(16)));
constexpr std::size_t lane_count = 4;
constexpr std::size_t chains = 8;

lanes load(const float* at) {
  lanes value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

/// Rows decoded at a time: 32 rows of 4,096 columns are half a megabyte and stay in the second-level cache
/// while all tokens pass by.
constexpr std::size_t row_block = 32;

} // namespace

float dot(std::span<const float> a, std::span<const float> b) {
  lanes sums[chains] = {};
  std::size_t i = 0;
  for (; i + chains * lane_count <= a.size(); i += chains * lane_count)
    for (std::size_t chain = 0; chain < chains; ++chain)
      sums[chain] += load(&a[i + chain * lane_count]) * load(&b[i + chain * lane_count]);
  const lanes sum = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
  float total = 0;
  for (std::size_t lane = 0; lane < lane_count; ++lane)
    total += sum[lane];
  for (; i < a.size(); ++i)
    total += a[i] * b[i];
  return total;
}

void add_scaled(std::span<float> to, float factor, std::span<const float> from) {
  for (std::size_t i = 0; i < to.size(); ++i)
    to[i] += factor * from[i];
}

activations multiply(const matrix& by, const activations& x) {
  ensure(by.columns() == x.columns(), "a matrix fits what it is applied to");
  activations y(x.rows(), by.rows());
  std::vector<float> scratch(row_block * x.columns());
  std::vector<std::span<const float>> rows(row_block);
  for (std::size_t first = 0; first < by.rows(); first += row_block) {
    const auto count = std::min<std::size_t>(row_block, by.rows() - first);
    for (std::size_t r = 0; r < count; ++r)
      rows[r] = by.row(first + r, std::span(scratch).subspan(r * x.columns(), x.columns()));
    for (std::size_t token = 0; token < x.rows(); ++token)
      for (std::size_t r = 0; r < count; ++r)
        y.row(token)[first + r] = dot(rows[r], x.row(token));
  }
  return y;
}

activations apply(const linear& by, const activations& x) {
  auto y = multiply(by.weight, x);
  if (!by.bias.empty())
    for (std::size_t token = 0; token < y.rows(); ++token)
      add_scaled(y.row(token), 1, by.bias);
  return y;
}

void add_lora(const lora& pair, const activations& x, activations& y, std::size_t begin, std::size_t end) {
  if (pair.empty())
    return;
  ensure(pair.columns == x.columns() && pair.rows == y.columns(), "an adapter fits its matrix");
  std::vector<float> hidden(pair.rank);
  for (std::size_t token = begin; token < end; ++token) {
    for (std::uint32_t r = 0; r < pair.rank; ++r)
      hidden[r] =
          dot(std::span(pair.down).subspan(std::size_t{r} * pair.columns, pair.columns), x.row(token));
    const auto out = y.row(token);
    for (std::uint32_t row = 0; row < pair.rows; ++row)
      out[row] +=
          pair.scale * dot(std::span(pair.up).subspan(std::size_t{row} * pair.rank, pair.rank), hidden);
  }
}

void normalise_rms(std::span<const float> scale, double epsilon, std::span<const float> x,
                   std::span<float> y) {
  const float mean = dot(x, x) / static_cast<float>(x.size());
  const float inverse = 1.0f / std::sqrt(mean + static_cast<float>(epsilon));
  for (std::size_t i = 0; i < x.size(); ++i)
    y[i] = x[i] * inverse * scale[i];
}

void normalise(const norm_weights& by, double epsilon, std::span<const float> x, std::span<float> y) {
  if (by.shift.empty())
    return normalise_rms(by.scale, epsilon, x, y);
  double sum = 0;
  for (const float value : x)
    sum += static_cast<double>(value);
  const auto mean = static_cast<float>(sum / static_cast<double>(x.size()));
  for (std::size_t i = 0; i < x.size(); ++i)
    y[i] = x[i] - mean;
  const float variance = dot(y, y) / static_cast<float>(x.size());
  const float inverse = 1.0f / std::sqrt(variance + static_cast<float>(epsilon));
  for (std::size_t i = 0; i < x.size(); ++i)
    y[i] = y[i] * inverse * by.scale[i] + by.shift[i];
}

activations normalised(const norm_weights& by, double epsilon, const activations& x) {
  activations y(x.rows(), x.columns());
  for (std::size_t token = 0; token < x.rows(); ++token)
    normalise(by, epsilon, x.row(token), y.row(token));
  return y;
}

void softmax(std::span<float> values) {
  const float largest = *std::ranges::max_element(values);
  float sum = 0;
  for (auto& value : values)
    sum += value = std::exp(value - largest);
  for (auto& value : values)
    value /= sum;
}

float silu(float x) { return x / (1.0f + std::exp(-x)); }

float gelu_tanh(float x) {
  const float inner = std::sqrt(2.0f / std::numbers::pi_v<float>) * (x + 0.044715f * x * x * x);
  return 0.5f * x * (1.0f + std::tanh(inner));
}

} // namespace troupe::kernels
