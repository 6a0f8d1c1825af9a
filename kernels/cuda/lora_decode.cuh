#pragma once

// LoRA for rows that have an adapter each (BGMV): h = A x in split parts that nobody adds up in memory, then
// y += scale * B h. No atomics and no grid barrier: the same bits every time.

#include "kernels/cuda/device.cuh"
#include "kernels/cuda/lora.hpp"

namespace troupe::kernels::cuda {

// Parameters are not indexed by what is known at run time only: a device would copy them to its local memory.
TROUPE_DEVICE float* y_of(const lora_launch& l, unsigned target) {
  return target == 0 ? l.y[0] : target == 1 ? l.y[1] : l.y[2];
}
TROUPE_DEVICE std::uint32_t outer_of(const lora_launch& l, unsigned target) {
  return target == 0 ? l.outer[0] : target == 1 ? l.outer[1] : l.outer[2];
}

/// The dot of eight bf16 of a with eight of b.
TROUPE_DEVICE float dot8(const bytes16& a, const bytes16& b) {
  float sum = 0;
  for (unsigned i = 0; i < 4; ++i)
    sum += low_half(a.part[i]) * low_half(b.part[i]) + high_half(a.part[i]) * high_half(b.part[i]);
  return sum;
}

TROUPE_DEVICE float* plane_of(const lora_launch& l, unsigned split, unsigned row, unsigned target) {
  return l.planes +
         ((static_cast<std::size_t>(split) * l.row_capacity + row) * l.targets + target) * l.rank_capacity;
}

/// Grid: (rank tiles of all targets, splits, row capacity). A warp takes two rank rows; its lanes walk
/// through the split's part of K in steps of eight numbers.
TROUPE_KERNEL void lora_shrink_decode(lora_launch l) {
  const unsigned row = block_z();
  const unsigned tiles = l.rank_capacity / rank_tile;
  const unsigned target = block_x() / tiles;
  const unsigned first_rank = block_x() % tiles * rank_tile;
  if (row >= *l.row_count || l.slot_of_row[row] < 0)
    return;
  const lora_slot slot = l.slots[target * l.slot_count + static_cast<unsigned>(l.slot_of_row[row])];
  if (first_rank >= slot.rank)
    return;
  const unsigned lane = thread_index() % warp_size;
  const unsigned warp = thread_index() / warp_size;
  const unsigned chunks = l.inner / 8;
  const unsigned begin = chunks * block_y() / l.splits;
  const unsigned end = chunks * (block_y() + 1) / l.splits;
  const auto* x = reinterpret_cast<const bytes16*>(l.x) + static_cast<std::size_t>(row) * chunks;
  constexpr unsigned own_ranks = rank_tile / (shrink_threads / warp_size);
  float sums[own_ranks] = {};
  const unsigned rank = first_rank + warp * own_ranks;
  const auto* a = reinterpret_cast<const bytes16*>(slot.down) + static_cast<std::size_t>(rank) * chunks;
  for (unsigned at = begin + lane; at < end; at += warp_size) {
    const bytes16 part = x[at];
    for (unsigned r = 0; r < own_ranks; ++r)
      sums[r] += dot8(part, a[static_cast<std::size_t>(r) * chunks + at]);
  }
  for (unsigned r = 0; r < own_ranks; ++r) {
    const float sum = warp_sum(sums[r]);
    if (lane == 0)
      plane_of(l, block_y(), row, target)[rank + r] = sum;
  }
}

/// Adds up the planes of one row and target into shared memory, scaled.
TROUPE_DEVICE void gather_hidden(const lora_launch& l, const lora_slot& slot, unsigned row, unsigned target,
                                 float* hidden) {
  for (unsigned r = thread_index(); r < slot.rank; r += thread_count()) {
    float sum = 0;
    for (unsigned split = 0; split < l.splits; ++split)
      sum += plane_of(l, split, row, target)[r];
    hidden[r] = sum * slot.scale;
  }
  sync_threads();
}

/// Grid: (blocks along N, targets, row capacity). As many lanes as an output row of B has 16-byte words take
/// one output together.
TROUPE_KERNEL void lora_expand_decode(lora_launch l) {
  TROUPE_SHARED(float, hidden, rank_max);
  const unsigned row = block_z();
  const unsigned target = block_y();
  if (row >= *l.row_count || l.slot_of_row[row] < 0)
    return;
  const lora_slot slot = l.slots[target * l.slot_count + static_cast<unsigned>(l.slot_of_row[row])];
  if (slot.rank == 0)
    return;
  gather_hidden(l, slot, row, target, hidden);
  const unsigned words = slot.rank / 8;
  unsigned lanes = 1; // a power of two, so that a warp is a whole number of outputs
  while (lanes < words)
    lanes *= 2;
  const unsigned word = thread_index() % lanes;
  const unsigned outputs = thread_count() / lanes;
  const unsigned outer = outer_of(l, target);
  float* y = y_of(l, target) + static_cast<std::size_t>(row) * outer;
  const auto* b = reinterpret_cast<const bytes16*>(slot.up);
  const unsigned stride = outputs * grid_x();
  const unsigned rounds = (outer + stride - 1) / stride;
  for (unsigned round = 0; round < rounds; ++round) { // all lanes, since they shuffle together
    const unsigned n = round * stride + block_x() * outputs + thread_index() / lanes;
    float sum = 0;
    if (n < outer && word < words) {
      const bytes16 part = b[static_cast<std::size_t>(n) * words + word];
      for (unsigned i = 0; i < 4; ++i)
        sum += low_half(part.part[i]) * hidden[word * 8 + 2 * i] +
               high_half(part.part[i]) * hidden[word * 8 + 2 * i + 1];
    }
    for (unsigned bits = lanes / 2; bits > 0; bits /= 2)
      sum += shuffle_xor(sum, bits);
    if (n < outer && word == 0)
      y[n] += sum;
  }
}

} // namespace troupe::kernels::cuda
