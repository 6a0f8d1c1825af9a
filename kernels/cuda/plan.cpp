#include "kernels/cuda/plan.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace troupe::kernels::cuda {

namespace {

/// Blocks along N: enough that a lone row fills a device, few enough that empty ones are cheap.
constexpr std::uint32_t blocks_along_outer = 8;

struct run_of_rows {
  std::uint32_t first;
  std::uint32_t rows;
  std::int32_t slot;
};

std::vector<run_of_rows> runs_of(std::span<const std::int32_t> slots) {
  std::vector<run_of_rows> runs;
  for (std::uint32_t row = 0; row < slots.size(); ++row)
    if (!runs.empty() && runs.back().slot == slots[row])
      ++runs.back().rows;
    else
      runs.push_back({row, 1, slots[row]});
  return runs;
}

} // namespace

result<lora_plan> plan_lora(std::span<const std::int32_t> slots, const lora_capacity& room) {
  if (slots.size() > room.rows)
    return fail(fault::refused,
                std::to_string(slots.size()) + " rows do not fit a step of " + std::to_string(room.rows));
  lora_plan plan;
  plan.slot_of_row.assign(slots.begin(), slots.end());
  for (const auto& run : runs_of(slots)) {
    if (run.slot >= static_cast<std::int32_t>(room.slots))
      return fail(fault::invalid, "there is no adapter slot " + std::to_string(run.slot));
    if (run.slot < 0 || run.rows < tile_from)
      continue;
    const auto needed = (run.rows + segment_rows - 1) / segment_rows;
    if (plan.segments.size() + needed > room.segments)
      return fail(fault::refused, "a step has more than " + std::to_string(room.segments) + " segments");
    for (std::uint32_t at = 0; at < run.rows; at += segment_rows)
      plan.segments.push_back({run.first + at, std::min(segment_rows, run.rows - at), run.slot});
    std::fill_n(plan.slot_of_row.begin() + run.first, run.rows, -1);
  }
  return plan;
}

lora_grids grids_of(const lora_launch& site, const lora_capacity& room) {
  const auto tiles = site.targets * (room.rank / rank_tile);
  return {{tiles, site.splits, room.rows},
          {blocks_along_outer, site.targets, room.rows},
          {tiles, 1, room.segments},
          {blocks_along_outer, site.targets, room.segments}};
}

std::uint32_t splits_for(std::uint32_t inner, std::uint32_t targets, std::uint32_t rank,
                         std::uint32_t processors) {
  const auto blocks = targets * (rank / rank_tile);
  const auto wanted = (2 * processors + blocks - 1) / blocks;
  constexpr std::uint32_t least = 256; // numbers of K for a warp to walk through
  return std::clamp<std::uint32_t>(wanted, 1, std::max(1u, inner / least));
}

step_cost cost_of(const model_shape& shape, const step_shape& step, std::uint32_t processors) {
  struct site_shape {
    std::uint32_t inner;
    std::array<std::uint32_t, targets_max> outer;
  };
  const std::array<site_shape, 4> sites{
      {{shape.width, {shape.query_width(), shape.kv_width(), shape.kv_width()}},
       {shape.query_width(), {shape.width, 0, 0}},
       {shape.width, {shape.ffn_width, shape.is_phi() ? 0 : shape.ffn_width, 0}},
       {shape.ffn_width, {shape.width, 0, 0}}}};
  step_cost cost;
  for (const auto& site : sites) {
    std::uint32_t targets = 0;
    for (const auto outer : site.outer) {
      targets += outer > 0 ? 1 : 0;
      cost.base_bytes += step.bytes_a_weight * site.inner * outer;
      if (outer > 0)
        cost.lora_bytes += 2.0 * step.distinct * step.rank * (site.inner + outer);
    }
    const auto splits = splits_for(site.inner, targets, step.rank, processors);
    cost.middle_bytes += 2.0 * 4 * splits * step.texts * targets * step.rank;
    cost.launches += 2;
  }
  cost.base_bytes *= shape.layers;
  cost.lora_bytes *= shape.layers;
  cost.middle_bytes *= shape.layers;
  cost.launches *= shape.layers;
  cost.base_bytes +=
      step.bytes_a_weight * shape.vocabulary * shape.width; // the head; embeddings are a row each
  cost.base_bytes += 2.0 * 2 * shape.kv_width() * shape.layers * step.context * step.texts;
  return cost;
}

} // namespace troupe::kernels::cuda
