#pragma once

#include "kernels/adapters/adapter.hpp"
#include "kernels/model/weights.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace troupe::kernels {

/// Rows of floats, one for each token.
class activations {
public:
  activations() = default;
  activations(std::size_t rows, std::size_t columns)
      : rows_(rows)
      , columns_(columns)
      , values_(rows * columns) {}

  std::size_t rows() const noexcept { return rows_; }
  std::size_t columns() const noexcept { return columns_; }
  std::span<float> row(std::size_t index) { return std::span(values_).subspan(index * columns_, columns_); }
  std::span<const float> row(std::size_t index) const {
    return std::span(values_).subspan(index * columns_, columns_);
  }
  std::span<float> values() { return values_; }
  std::span<const float> values() const { return values_; }

private:
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  std::vector<float> values_;
};

/// The order of additions depends on the length alone, so a result never depends on what else is in a batch.
float dot(std::span<const float> a, std::span<const float> b);

/// to += factor * from
void add_scaled(std::span<float> to, float factor, std::span<const float> from);

/// y = W x, row by row of x.
activations multiply(const matrix& by, const activations& x);
activations apply(const linear& by, const activations& x);

/// y += scale * B (A x) for the given rows.
void add_lora(const lora& pair, const activations& x, activations& y, std::size_t begin, std::size_t end);

/// RMSNorm, or LayerNorm if there is a shift.
void normalise(const norm_weights& by, double epsilon, std::span<const float> x, std::span<float> y);
void normalise_rms(std::span<const float> scale, double epsilon, std::span<const float> x,
                   std::span<float> y);
activations normalised(const norm_weights& by, double epsilon, const activations& x);

void softmax(std::span<float> values);
float silu(float x);
float gelu_tanh(float x);

} // namespace troupe::kernels
