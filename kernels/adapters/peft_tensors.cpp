#include "kernels/adapters/peft_tensors.hpp"

#include "kernels/adapters/slots.hpp"

namespace troupe::kernels {

namespace {

constexpr std::string_view inner = ".base_layer";

bool is_stack(std::string_view module) {
  return module.ends_with(".experts") || module.ends_with(std::string(".experts") + std::string(inner));
}

/// One expert's part of a stacked matrix: A's rows e*r… and B's columns j*E + e, from row `first` on.
struct part {
  const lora* pair;
  std::size_t expert;
  std::size_t first;
};

peft_matrix stacked_down(const std::vector<part>& parts) {
  peft_matrix made{{0, parts.front().pair->columns}, {}};
  for (const auto& p : parts) {
    made.shape[0] += p.pair->rank;
    made.values.insert(made.values.end(), p.pair->down.begin(), p.pair->down.end());
  }
  return made;
}

peft_matrix stacked_up(const std::vector<part>& parts, std::size_t rows, std::size_t experts) {
  const std::size_t rank = parts.front().pair->rank;
  const auto width = rank * experts;
  peft_matrix made{{rows, width}, std::vector<float>(rows * width)};
  for (const auto& p : parts)
    for (std::size_t row = 0; row < p.pair->rows; ++row)
      for (std::size_t j = 0; j < rank; ++j)
        made.values[(p.first + row) * width + j * experts + p.expert] = p.pair->up[row * rank + j];
  return made;
}

std::size_t layer_of(const adapter& from, const model_shape& shape, std::string_view module) {
  const auto known = canonical_module(module, shape);
  std::size_t layer = 0;
  while (layer < from.layers.size() && !known.starts_with("model.layers." + std::to_string(layer) + "."))
    ++layer;
  return layer;
}

result<peft_matrix> stack_of(const adapter& from, const model_shape& shape, const peft_config& config,
                             const peft_tensor_name& name) {
  const auto module = std::string_view(name.module);
  const bool is_inner = module.ends_with(inner);
  const auto experts = std::string(module.substr(0, module.size() - (is_inner ? inner.size() : 0)));
  const auto layer = layer_of(from, shape, experts);
  if (layer == from.layers.size())
    return fail(fault::not_found, "the model has no module " + name.module);
  const bool gate_up = is_inner || !config.targets_parameter(experts + ".down_proj");
  std::vector<part> gates, ups, downs;
  for (std::size_t e = 0; e < shape.experts; ++e) {
    const auto& own = from.layers[layer].experts[e];
    gates.push_back({&own.gate, e, 0});
    ups.push_back({&own.up, e, shape.ffn_width});
    downs.push_back({&own.down, e, 0});
  }
  if (name.is_down)
    return stacked_down(gate_up ? gates : downs);
  if (!gate_up)
    return stacked_up(downs, shape.width, shape.experts);
  gates.insert(gates.end(), ups.begin(), ups.end());
  return stacked_up(gates, std::size_t{2} * shape.ffn_width, shape.experts);
}

} // namespace

result<peft_matrix> peft_matrix_of(const adapter& from, const model_shape& shape, const peft_config& config,
                                   const peft_tensor_name& name) {
  if (is_stack(name.module))
    return stack_of(from, shape, config, name);
  adapter copy = from; // slots lead to what may be changed
  const auto slots = slots_of(copy, shape);
  const auto found = slots.find(canonical_module(name.module, shape));
  if (found == slots.end() || found->second.into->empty())
    return fail(fault::not_found, "the adapter has nothing for the module " + name.module);
  const auto& pair = *found->second.into;
  return name.is_down ? peft_matrix{{pair.rank, pair.columns}, pair.down}
                      : peft_matrix{{pair.rows, pair.rank}, pair.up};
}

bool shares_gate_up(const peft_config& config, const model_shape& shape) {
  for (std::uint32_t i = 0; i < shape.layers; ++i)
    for (const auto* of : {".mlp.experts.gate_up_proj", ".block_sparse_moe.experts.gate_up_proj"})
      if (config.targets_parameter("model.layers." + std::to_string(i) + of))
        return true;
  return false;
}

} // namespace troupe::kernels
