#pragma once

#include "kernels/engine/pass_context.hpp"
#include "kernels/model/rope.hpp"

#include <functional>
#include <span>
#include <vector>

namespace troupe::kernels {

/// Tokens of a run that are rows of a pass.
struct run_part {
  const token_run* run;
  const packed_adapter* with;
  std::size_t first; // of the run's tokens
  std::size_t begin; // rows
  std::size_t end;
  std::size_t logits_at; // row of the output that the run's first logits go to
  std::size_t hidden_at;

  std::uint32_t position(std::size_t row) const {
    return run->position + static_cast<std::uint32_t>(first + row - begin);
  }
};

/// Rows through all layers, each stage shared by the team.
class serving_pass {
public:
  serving_pass(pass_context& context, std::span<const run_part> parts);

  void run(step_output& out);

private:
  using gain_of = std::function<const packed_lora&(const packed_layer_adapter&)>;
  struct attention_part {
    const run_part* of;
    std::size_t row;
    std::size_t rows;
    std::uint32_t kv_head;
    std::uint32_t head; // the first of
    std::uint32_t heads;
  };

  void embed(const run_part& part, std::size_t row);
  void for_tiles(const std::function<void(std::size_t row)>& each, std::size_t rows) const;
  void plan_attention();

  projection through(const packed_linear& by, const input_rows& from, std::size_t layer,
                     const gain_of& which);
  void normalise(const packed_norm& by, const float* x, float* y) const;
  void normalise_rows(const packed_norm& by);
  void attention(std::size_t layer);
  void place(std::size_t layer, std::size_t row);
  void turn_head(std::span<float> head, const std::vector<float>& norm, std::size_t row) const;
  void attend(std::size_t layer, const attention_part& part);
  void feed_forward(std::size_t layer);
  void hidden_rows(step_output& out);
  void logits(step_output& out);

  pass_context& context_;
  const model_shape& shape_;
  std::span<const run_part> parts_;
  std::size_t rows_ = 0;
  std::vector<row_group> groups_;
  std::vector<const run_part*> part_of_; // each row
  std::vector<rope_angles> angles_;
  std::vector<attention_part> attention_parts_;
};

} // namespace troupe::kernels
