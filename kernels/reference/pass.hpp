#pragma once

#include "kernels/model/rope.hpp"
#include "kernels/reference/engine.hpp"

#include <functional>
#include <span>
#include <vector>

namespace troupe::kernels {

/// One forward pass over a batch. Rows of all steps lie one behind the other, so that a weight is decoded
/// once for all of them.
class forward_pass {
public:
  forward_pass(const model_weights& model, std::span<const float> frequencies, std::span<const step> batch);

  std::vector<step_result> run();

private:
  struct part {
    const step* of;
    std::size_t begin; // its rows
    std::size_t end;
    const adapter* with;
  };
  using lora_of = std::function<const lora&(const layer_adapter&)>;
  using ffn_of = std::function<const ffn_adapter&(const layer_adapter&)>;

  activations embedded() const;
  activations applied(const linear& by, const activations& x, std::size_t layer, const lora_of& which) const;
  void run_layer(std::size_t index, activations& hidden);

  activations attention(std::size_t index, const activations& x);
  void turn_heads(const layer_weights& layer, activations& query, activations& key) const;
  void remember(std::size_t index, const part& p, const activations& key, const activations& value);
  void attend(std::size_t index, const part& p, const activations& query, activations& out) const;
  void attend_head(const kv_cache::layer& seen, std::uint32_t first, std::uint32_t last,
                   std::size_t key_offset, std::span<const float> query, std::span<float> out) const;

  activations ffn(std::size_t index, const activations& x) const;
  activations gated(const ffn_weights& by, const activations& x, std::size_t layer, const ffn_of& which,
                    const std::vector<part>& parts) const;
  activations mixed_experts(std::size_t index, const activations& x) const;

  activations applied_to(const std::vector<part>& parts, const linear& by, const activations& x,
                         std::size_t layer, const lora_of& which) const;
  activations logits(const activations& hidden) const;
  activations final_rows(const activations& hidden, std::size_t begin, std::size_t end) const;

  const model_weights& model_;
  const model_shape& shape_;
  std::vector<part> parts_;
  std::vector<rope_angles> angles_; // of each row
  std::size_t rows_ = 0;
};

} // namespace troupe::kernels
