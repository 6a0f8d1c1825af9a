#include "kernels/adapters/slots.hpp"

namespace troupe::kernels {

namespace {

using slot_map = std::map<std::string, slot, std::less<>>;

void add_attention(slot_map& slots, layer_adapter& layer, const model_shape& shape,
                   const std::string& prefix) {
  const auto at = prefix + "self_attn.";
  slots[at + "q_proj"] = {&layer.query, shape.query_width(), shape.width};
  slots[at + "k_proj"] = {&layer.key, shape.kv_width(), shape.width};
  slots[at + "v_proj"] = {&layer.value, shape.kv_width(), shape.width};
  slots[at + (shape.is_phi() ? "dense" : "o_proj")] = {&layer.output, shape.width, shape.query_width()};
}

void add_experts(slot_map& slots, layer_adapter& layer, const model_shape& shape, const std::string& prefix) {
  const auto at = prefix + "block_sparse_moe.";
  slots[at + "gate"] = {&layer.router, shape.experts, shape.width};
  for (std::size_t e = 0; e < layer.experts.size(); ++e) {
    auto& expert = layer.experts[e];
    const auto own = at + "experts." + std::to_string(e) + ".";
    slots[own + "w1"] = {&expert.gate, shape.ffn_width, shape.width};
    slots[own + "w2"] = {&expert.down, shape.width, shape.ffn_width};
    slots[own + "w3"] = {&expert.up, shape.ffn_width, shape.width};
  }
}

void add_ffn(slot_map& slots, layer_adapter& layer, const model_shape& shape, const std::string& prefix) {
  const auto at = prefix + "mlp.";
  const bool phi = shape.is_phi();
  if (!phi)
    slots[at + "gate_proj"] = {&layer.ffn.gate, shape.ffn_width, shape.width};
  slots[at + (phi ? "fc1" : "up_proj")] = {&layer.ffn.up, shape.ffn_width, shape.width};
  slots[at + (phi ? "fc2" : "down_proj")] = {&layer.ffn.down, shape.width, shape.ffn_width};
}

} // namespace

adapter empty_adapter(std::string name, const model_shape& shape) {
  adapter made;
  made.name = std::move(name);
  made.layers.resize(shape.layers);
  for (auto& layer : made.layers)
    layer.experts.resize(shape.experts);
  return made;
}

slot_map slots_of(adapter& of, const model_shape& shape) {
  slot_map slots;
  for (std::size_t i = 0; i < of.layers.size(); ++i) {
    const auto prefix = "model.layers." + std::to_string(i) + ".";
    add_attention(slots, of.layers[i], shape, prefix);
    if (shape.experts > 0)
      add_experts(slots, of.layers[i], shape, prefix);
    else
      add_ffn(slots, of.layers[i], shape, prefix);
  }
  slots["lm_head"] = {&of.head, shape.vocabulary, shape.width};
  slots["model.embed_tokens"] = {&of.embedding, shape.width, shape.vocabulary};
  return slots;
}

std::string canonical_module(std::string_view name, const model_shape& shape) {
  std::string known(name);
  if (known.starts_with("layers.") || known == "embed_tokens")
    known.insert(0, "model.");
  const auto at = known.find(".mlp.");
  if (shape.experts > 0 && at != std::string::npos)
    known.replace(at, 5, ".block_sparse_moe.");
  return known;
}

} // namespace troupe::kernels
