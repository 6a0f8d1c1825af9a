#include "kernels/engine/pass_context.hpp"

#include <algorithm>

namespace troupe::kernels {

namespace {

bool take_bytes(std::initializer_list<const packed_linear*> all) {
  return std::ranges::any_of(all, [](const packed_linear* one) { return one->weight.takes_bytes(); });
}

bool take_bytes(const packed_ffn& ffn) { return take_bytes({&ffn.gate, &ffn.up}); }

/// Whether a site of any layer needs bytes: buffers are shared by the layers.
template<class Of>
bool any_layer(const packed_model& model, const Of& of) {
  return std::ranges::any_of(model.layers, of);
}

std::size_t pairs_max(const model_shape& shape) {
  return shape.experts == 0 ? 0 : pass_rows_max * shape.experts_used + shape.experts * token_tile;
}

bool any_expert(const packed_layer& layer, bool (*of)(const packed_ffn&)) {
  return std::ranges::any_of(layer.experts, of);
}

} // namespace

pass_buffers::pass_buffers(const model_shape& shape, const packed_model& model)
    : hidden(pass_rows_max, shape.width)
    , normal(pass_rows_max, shape.width,
             take_bytes({&model.head}) ||
                 any_layer(model,
                           [](const packed_layer& l) {
                             return take_bytes({&l.query, &l.key, &l.value, &l.router}) || take_bytes(l.ffn);
                           }))
    , key(pass_rows_max, shape.kv_width())
    , value(pass_rows_max, shape.kv_width())
    , mixed(pass_rows_max, shape.query_width(),
            any_layer(model, [](const packed_layer& l) { return take_bytes({&l.output}); }))
    , inner(pass_rows_max, shape.ffn_width,
            any_layer(model, [](const packed_layer& l) { return take_bytes({&l.ffn.down}); }))
    , scores(shape.experts == 0 ? 0 : pass_rows_max, shape.experts)
    , expert_normal(pairs_max(shape), shape.width,
                    any_layer(model, [](const packed_layer& l) { return any_expert(l, take_bytes); }))
    , expert_inner(pairs_max(shape), shape.ffn_width,
                   any_layer(model,
                             [](const packed_layer& l) {
                               return any_expert(l,
                                                 [](const packed_ffn& e) { return take_bytes({&e.down}); });
                             }))
    , expert_out(pairs_max(shape), shape.width) {}

std::vector<const packed_lora*>
gains_of(std::span<const row_group> groups,
         const std::function<const packed_lora*(const packed_adapter&)>& which) {
  std::vector<const packed_lora*> gains;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto* gain = groups[i].with ? which(*groups[i].with) : nullptr;
    if (!gain || gain->empty())
      continue;
    gains.resize(groups.size());
    gains[i] = gain;
  }
  return gains;
}

} // namespace troupe::kernels
