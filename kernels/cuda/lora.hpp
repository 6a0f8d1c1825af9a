#pragma once

#include <cstdint>

namespace troupe::kernels::cuda {

struct bf16;

/// One adapter's matrices for one target, as they lie on the device: A is rank x K, B is N x rank, rows of
/// whole 16 bytes. The rank is a multiple of eight; what an adapter lacks of one is zeros.
struct lora_slot {
  const bf16* down = nullptr;
  const bf16* up = nullptr;
  float scale = 0;
  std::uint32_t rank = 0; // 0: nothing is gained
};

constexpr std::uint32_t targets_max = 3; // query, key and value go in one launch, gate and up in another
constexpr std::uint32_t rank_max = 128;
constexpr std::uint32_t rank_tile = 8; // rank rows of one shrink block
constexpr std::uint32_t shrink_threads = 128;
constexpr std::uint32_t expand_threads = 128;
constexpr std::uint32_t segment_rows = 16; // of one mma tile

/// Some rows of one adapter, for products of whole tiles.
struct lora_segment {
  std::uint32_t first = 0; // row of the batch
  std::uint32_t rows = 0;  // 1 … segment_rows
  std::int32_t slot = -1;  // none
};

/// One launch for up to three targets that read the same x. Everything that changes from step to step lies in
/// device memory and the grid is sized to capacity, so that a captured graph serves whatever comes: more rows
/// or fewer, one adapter or many.
struct lora_launch {
  const bf16* x = nullptr;                             // rows x inner
  float* y[targets_max] = {nullptr, nullptr, nullptr}; // rows x outer, to be added to
  std::uint32_t outer[targets_max] = {0, 0, 0};        // N of each target, a multiple of eight
  std::uint32_t inner = 0;                             // K, a multiple of eight
  std::uint32_t targets = 0;
  const lora_slot* slots = nullptr; // of target t: slots[t * slot_count + slot]
  std::uint32_t slot_count = 0;
  // what each step writes
  const std::uint32_t* row_count = nullptr;  // decode rows
  const std::int32_t* slot_of_row = nullptr; // -1: none
  const std::uint32_t* segment_count = nullptr;
  const lora_segment* segments = nullptr;
  // room between the two halves: [split][row][target][rank_capacity]
  float* planes = nullptr;
  std::uint32_t splits = 1;
  std::uint32_t row_capacity = 0;
  std::uint32_t rank_capacity = 0; // of the largest rank, a multiple of eight
};

} // namespace troupe::kernels::cuda
