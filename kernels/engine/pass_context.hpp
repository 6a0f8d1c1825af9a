#pragma once

#include "kernels/engine/kv_pages.hpp"
#include "kernels/engine/multiplier.hpp"
#include "kernels/engine/row_buffer.hpp"
#include "kernels/engine/step_engine.hpp"

#include <functional>
#include <span>
#include <vector>

namespace troupe::kernels {

/// Rows that pass through the layers together; longer steps are taken in so many at a time.
inline constexpr std::size_t pass_rows_max = 512;

/// Room for the rows of a pass, kept between passes.
struct pass_buffers {
  pass_buffers(const model_shape& shape, const packed_model& model);

  row_buffer hidden;
  site_buffer normal; // after a norm
  row_buffer key;
  row_buffer value;
  site_buffer mixed; // queries, and in their place what attention makes of them
  site_buffer inner; // of the feed-forward part
  row_buffer scores; // of the experts
  site_buffer expert_normal;
  site_buffer expert_inner;
  row_buffer expert_out;
};

/// What passes over one model share.
struct pass_context {
  const model_weights& model;
  const packed_model& packed;
  const kernel_table& kernels;
  thread_team& team;
  multiplier& multiply;
  kv_pages& cache;
  pass_buffers& room;
  std::span<const float> frequencies;
};

/// The gains of each group that a layer's adapters bring; empty if none does.
std::vector<const packed_lora*>
gains_of(std::span<const row_group> groups,
         const std::function<const packed_lora*(const packed_adapter&)>& which);

} // namespace troupe::kernels
