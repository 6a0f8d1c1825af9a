#pragma once

// y = W x for few rows, W in bytes with a float for each block of 32: bound by the bytes of W, which are read
// once for four rows.

#include "kernels/cuda/device.cuh"

namespace troupe::kernels::cuda {

constexpr unsigned int8_block = 32;
constexpr unsigned int8_threads = 128;
constexpr unsigned int8_rows = 4; // at a time

struct int8_launch {
  const std::int8_t* weights = nullptr; // outer x inner
  const float* scales = nullptr;        // outer x inner / 32
  const bf16* x = nullptr;              // rows x inner
  float* y = nullptr;                   // rows x outer, overwritten
  std::uint32_t inner = 0;              // a multiple of 32
  std::uint32_t outer = 0;
  const std::uint32_t* row_count = nullptr;
};

/// Grid: (blocks along outer, groups of four rows of the capacity). A warp an output; a lane takes 16 bytes
/// at a time, half a block.
TROUPE_KERNEL void multiply_int8(int8_launch p) {
  const unsigned rows = *p.row_count;
  const unsigned first = block_y() * int8_rows;
  if (first >= rows)
    return;
  const unsigned lane = thread_index() % warp_size;
  const unsigned warps = thread_count() / warp_size;
  for (unsigned n = block_x() * warps + thread_index() / warp_size; n < p.outer; n += grid_x() * warps) {
    const std::int8_t* w = p.weights + static_cast<std::size_t>(n) * p.inner;
    const float* scales = p.scales + static_cast<std::size_t>(n) * (p.inner / int8_block);
    float sums[int8_rows] = {0, 0, 0, 0};
    for (unsigned at = lane * 16; at < p.inner; at += warp_size * 16) {
      const bytes16 word = *reinterpret_cast<const bytes16*>(w + at);
      const float scale = scales[at / int8_block];
      for (unsigned r = 0; r < int8_rows; ++r) {
        if (first + r >= rows)
          continue;
        const auto* x =
            reinterpret_cast<const bytes16*>(p.x + static_cast<std::size_t>(first + r) * p.inner + at);
        const bytes16 halves[2] = {x[0], x[1]};
        float sum = 0;
        for (unsigned i = 0; i < 16; ++i) {
          const auto byte = static_cast<std::int8_t>(word.part[i / 4] >> (8 * (i % 4)));
          const std::uint32_t two = halves[i / 8].part[i % 8 / 2];
          sum += static_cast<float>(byte) * (i % 2 == 0 ? low_half(two) : high_half(two));
        }
        sums[r] += scale * sum;
      }
    }
    for (unsigned r = 0; r < int8_rows; ++r) {
      const float sum = warp_sum(sums[r]);
      if (lane == 0 && first + r < rows)
        p.y[static_cast<std::size_t>(first + r) * p.outer + n] = sum;
    }
  }
}

} // namespace troupe::kernels::cuda
