#pragma once

// LoRA for runs of rows with one adapter (SGMV): tiles of sixteen rows on the tensor cores, described by
// segments in device memory. Skewed lengths cost nothing, since no tile belongs to more than one segment.

#include "kernels/cuda/device.cuh"
#include "kernels/cuda/lora.hpp"
#include "kernels/cuda/lora_decode.cuh"

namespace troupe::kernels::cuda {

constexpr unsigned mma_columns = 8;
constexpr unsigned mma_depth = 16;
constexpr unsigned prefill_threads = 128;
constexpr unsigned prefill_warps = prefill_threads / warp_size;

/// Two neighbouring bf16 of a row, or zeros beyond its end.
TROUPE_DEVICE std::uint32_t word_at(const bf16* row, unsigned column, unsigned columns) {
  if (column >= columns)
    return 0;
  return reinterpret_cast<const std::uint32_t*>(row)[column / 2];
}

/// A's part of one lane: rows of the tile, from `depth` on. Rows beyond the segment are zeros.
TROUPE_DEVICE mma_a rows_of(const bf16* x, unsigned rows, unsigned columns, unsigned depth) {
  const unsigned lane = thread_index() % warp_size;
  const unsigned upper = lane / 4, lower = upper + 8;
  const unsigned left = depth + lane % 4 * 2, right = left + 8;
  const bf16* up = x + static_cast<std::size_t>(upper) * columns;
  const bf16* low = x + static_cast<std::size_t>(lower) * columns;
  mma_a a;
  a.part[0] = upper < rows ? word_at(up, left, columns) : 0;
  a.part[1] = lower < rows ? word_at(low, left, columns) : 0;
  a.part[2] = upper < rows ? word_at(up, right, columns) : 0;
  a.part[3] = lower < rows ? word_at(low, right, columns) : 0;
  return a;
}

/// B's part of one lane: eight rows of a matrix whose rows are what is multiplied with.
TROUPE_DEVICE mma_b columns_of(const bf16* w, unsigned first, unsigned rows, unsigned columns,
                               unsigned depth) {
  const unsigned lane = thread_index() % warp_size;
  const unsigned row = first + lane / 4;
  const unsigned left = depth + lane % 4 * 2;
  const bf16* at = w + static_cast<std::size_t>(row) * columns;
  mma_b b;
  b.part[0] = row < rows ? word_at(at, left, columns) : 0;
  b.part[1] = row < rows ? word_at(at, left + 8, columns) : 0;
  return b;
}

/// Grid: (rank tiles of all targets, 1, segment capacity). The warps share K and add up in shared memory; the
/// sums go into plane 0.
TROUPE_KERNEL void lora_shrink_prefill(lora_launch l) {
  TROUPE_SHARED(float, sums, prefill_warps* segment_rows* mma_columns);
  if (block_z() >= *l.segment_count)
    return;
  const lora_segment segment = l.segments[block_z()];
  const unsigned tiles = l.rank_capacity / mma_columns;
  const unsigned target = block_x() / tiles;
  const unsigned first_rank = block_x() % tiles * mma_columns;
  if (segment.slot < 0)
    return;
  const lora_slot slot = l.slots[target * l.slot_count + static_cast<unsigned>(segment.slot)];
  if (first_rank >= slot.rank)
    return;
  const unsigned lane = thread_index() % warp_size;
  const unsigned warp = thread_index() / warp_size;
  const bf16* x = l.x + static_cast<std::size_t>(segment.first) * l.inner;
  mma_c c = {{0, 0, 0, 0}};
  for (unsigned depth = warp * mma_depth; depth < l.inner; depth += prefill_warps * mma_depth)
    multiply_add(c, rows_of(x, segment.rows, l.inner, depth),
                 columns_of(slot.down, first_rank, slot.rank, l.inner, depth));
  for (unsigned i = 0; i < 4; ++i) {
    const unsigned row = lane / 4 + i / 2 * 8, column = lane % 4 * 2 + i % 2;
    sums[(warp * segment_rows + row) * mma_columns + column] = c.part[i];
  }
  sync_threads();
  for (unsigned at = thread_index(); at < segment_rows * mma_columns; at += thread_count()) {
    const unsigned row = at / mma_columns, column = at % mma_columns;
    float sum = 0;
    for (unsigned w = 0; w < prefill_warps; ++w)
      sum += sums[w * segment_rows * mma_columns + at];
    if (row < segment.rows)
      l.planes[(static_cast<std::size_t>(segment.first + row) * l.targets + target) * l.rank_capacity +
               first_rank + column] = sum;
  }
}

/// h of a segment as bf16, scaled, rows beyond it zero.
TROUPE_DEVICE void gather_tile(const lora_launch& l, const lora_segment& segment, const lora_slot& slot,
                               unsigned target, bf16* hidden) {
  for (unsigned at = thread_index(); at < segment_rows * slot.rank; at += thread_count()) {
    const unsigned row = at / slot.rank, r = at % slot.rank;
    const float value = row < segment.rows
                            ? l.planes[(static_cast<std::size_t>(segment.first + row) * l.targets + target) *
                                           l.rank_capacity +
                                       r]
                            : 0;
    hidden[at] = to_bf16(value * slot.scale);
  }
  sync_threads();
}

/// Grid: (blocks along N, targets, segment capacity). Each warp takes tiles of eight outputs.
TROUPE_KERNEL void lora_expand_prefill(lora_launch l) {
  TROUPE_SHARED(bf16, hidden, segment_rows * rank_max);
  if (block_z() >= *l.segment_count)
    return;
  const lora_segment segment = l.segments[block_z()];
  const unsigned target = block_y();
  if (segment.slot < 0)
    return;
  const lora_slot slot = l.slots[target * l.slot_count + static_cast<unsigned>(segment.slot)];
  if (slot.rank == 0)
    return;
  gather_tile(l, segment, slot, target, hidden);
  const unsigned lane = thread_index() % warp_size;
  const unsigned warp = block_x() * prefill_warps + thread_index() / warp_size;
  const unsigned outer = outer_of(l, target);
  for (unsigned first = warp * mma_columns; first < outer; first += grid_x() * prefill_warps * mma_columns) {
    mma_c c = {{0, 0, 0, 0}};
    for (unsigned depth = 0; depth < slot.rank; depth += mma_depth)
      multiply_add(c, rows_of(hidden, segment_rows, slot.rank, depth),
                   columns_of(slot.up, first, outer, slot.rank, depth));
    for (unsigned i = 0; i < 4; ++i) {
      const unsigned row = lane / 4 + i / 2 * 8, column = first + lane % 4 * 2 + i % 2;
      if (row < segment.rows && column < outer)
        y_of(l, target)[static_cast<std::size_t>(segment.first + row) * outer + column] += c.part[i];
    }
  }
}

} // namespace troupe::kernels::cuda
