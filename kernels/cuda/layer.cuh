#pragma once

// What lies between the products of a layer: norms, positions, activations. The residual stream and what
// products write are float; what products read is bf16.

#include "kernels/cuda/block_sum.cuh"

#ifdef TROUPE_EMULATED
#include <cmath>
#endif

namespace troupe::kernels::cuda {

constexpr unsigned layer_threads = 128;

struct norm_launch {
  const float* x = nullptr; // rows x width
  const float* scale = nullptr;
  const float* shift = nullptr; // LayerNorm; none: RMSNorm
  bf16* y = nullptr;
  std::uint32_t width = 0;
  float epsilon = 0;
  const std::uint32_t* row_count = nullptr;
};

/// Grid: (row capacity).
TROUPE_KERNEL void normalise(norm_launch n) {
  TROUPE_SHARED(float, scratch, block_warps_max);
  const unsigned row = block_x();
  if (row >= *n.row_count)
    return;
  const float* x = n.x + static_cast<std::size_t>(row) * n.width;
  const float width = static_cast<float>(n.width);
  float mean = 0;
  if (n.shift != nullptr) {
    for (unsigned i = thread_index(); i < n.width; i += thread_count())
      mean += x[i];
    mean = block_sum(mean, scratch) / width;
  }
  float square = 0;
  for (unsigned i = thread_index(); i < n.width; i += thread_count())
    square += (x[i] - mean) * (x[i] - mean);
  const float inverse = 1.0f / sqrtf(block_sum(square, scratch) / width + n.epsilon);
  for (unsigned i = thread_index(); i < n.width; i += thread_count()) {
    const float value = (x[i] - mean) * inverse * n.scale[i];
    n.y[static_cast<std::size_t>(row) * n.width + i] =
        to_bf16(n.shift != nullptr ? value + n.shift[i] : value);
  }
}

struct gate_launch {
  const float* gate = nullptr; // rows x width; none: GELU of `up` alone
  const float* up = nullptr;
  bf16* y = nullptr;
  std::uint32_t width = 0;
  const std::uint32_t* row_count = nullptr;
};

TROUPE_DEVICE float silu(float x) { return x / (1.0f + expf(-x)); }
TROUPE_DEVICE float gelu_tanh(float x) {
  return 0.5f * x * (1.0f + tanhf(0.7978845608f * (x + 0.044715f * x * x * x)));
}

/// Grid: (blocks along width, row capacity).
TROUPE_KERNEL void activate(gate_launch g) {
  const unsigned row = block_y();
  if (row >= *g.row_count)
    return;
  for (unsigned i = block_x() * thread_count() + thread_index(); i < g.width;
       i += grid_x() * thread_count()) {
    const std::size_t at = static_cast<std::size_t>(row) * g.width + i;
    g.y[at] = to_bf16(g.gate != nullptr ? silu(g.gate[at]) * g.up[at] : gelu_tanh(g.up[at]));
  }
}

} // namespace troupe::kernels::cuda
