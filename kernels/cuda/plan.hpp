#pragma once

#include "kernels/base/result.hpp"
#include "kernels/cuda/lora.hpp"
#include "kernels/model/shape.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace troupe::kernels::cuda {

/// What device memory was set aside for, and what every grid is sized to. Fixed when a step is captured.
struct lora_capacity {
  std::uint32_t rows = 0;
  std::uint32_t segments = 0;
  std::uint32_t slots = 0;
  std::uint32_t rank = 0; // a multiple of eight
};

/// Runs at least so long go through whole tiles; shorter ones row by row.
constexpr std::uint32_t tile_from = 8;

/// What a step writes into device memory: each row with an adapter stands in exactly one of the two.
struct lora_plan {
  std::vector<std::int32_t> slot_of_row; // -1: none, or in a segment
  std::vector<lora_segment> segments;
};

/// `slots`: the adapter of each row, -1 for none. Rows of one adapter should stand together; they need not.
/// Refused: more rows or segments than there is room for, slots that do not exist.
result<lora_plan> plan_lora(std::span<const std::int32_t> slots, const lora_capacity& room);

struct launch_grid {
  std::uint32_t x = 1;
  std::uint32_t y = 1;
  std::uint32_t z = 1;
};

/// The four grids of a launch. They follow from its shape and the capacity alone, never from what is in a
/// step: a grid in a captured graph stays what it was.
struct lora_grids {
  launch_grid shrink_decode;
  launch_grid expand_decode;
  launch_grid shrink_prefill;
  launch_grid expand_prefill;
};
lora_grids grids_of(const lora_launch& site, const lora_capacity& room);

/// How many parts K is cut into so that one row alone keeps a device's processors busy.
std::uint32_t splits_for(std::uint32_t inner, std::uint32_t targets, std::uint32_t rank,
                         std::uint32_t processors);

/// What adapters add to a step of a model, in bytes and launches, before any device says so.
struct step_cost {
  double base_bytes = 0;   // weights once, keys and values of each text
  double lora_bytes = 0;   // matrices of each distinct adapter once
  double middle_bytes = 0; // planes written and read
  std::uint32_t launches = 0;
  double ratio() const { return (base_bytes + lora_bytes + middle_bytes) / base_bytes; }
};

struct step_shape {
  std::uint32_t texts = 1;
  std::uint32_t distinct = 1; // adapters
  std::uint32_t rank = 16;
  std::uint32_t context = 1'024;
  double bytes_a_weight = 2;
};

/// A decode step of a dense model with adapters on all matrices of its layers.
step_cost cost_of(const model_shape& shape, const step_shape& step, std::uint32_t processors);

} // namespace troupe::kernels::cuda
