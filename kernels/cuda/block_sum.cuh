#pragma once

#include "kernels/cuda/device.cuh"

namespace troupe::kernels::cuda {

constexpr unsigned block_warps_max = 32;

/// The sum over a block, in every thread. `scratch`: a float for each warp; free again once all have the sum.
TROUPE_DEVICE float block_sum(float value, float* scratch) {
  value = warp_sum(value);
  const unsigned warps = thread_count() / warp_size;
  if (thread_index() % warp_size == 0)
    scratch[thread_index() / warp_size] = value;
  sync_threads();
  float sum = 0;
  for (unsigned w = 0; w < warps; ++w)
    sum += scratch[w];
  sync_threads();
  return sum;
}

} // namespace troupe::kernels::cuda
