#include "kernels/engine/packed_model.hpp"

#include <algorithm>

namespace troupe::kernels {

namespace {

std::vector<float> padded_copy(const std::vector<float>& from) {
  auto copy = from;
  copy.resize(padded(from.size()), 0.0f);
  return copy;
}

packed_norm pack(const norm_weights& from) { return {padded_copy(from.scale), padded_copy(from.shift)}; }

packed_linear pack(const linear& from, thread_team& team) {
  if (from.weight.empty())
    return {};
  return {packed_matrix(from.weight, team), padded_copy(from.bias)};
}

packed_ffn pack(const ffn_weights& from, thread_team& team) {
  return {pack(from.gate, team), pack(from.up, team), pack(from.down, team)};
}

packed_layer pack(const layer_weights& from, thread_team& team) {
  packed_layer made;
  made.before_attention = pack(from.before_attention);
  made.before_ffn = pack(from.before_ffn);
  made.query = pack(from.query, team);
  made.key = pack(from.key, team);
  made.value = pack(from.value, team);
  made.output = pack(from.output, team);
  made.ffn = pack(from.ffn, team);
  made.router = pack(linear{from.router, {}}, team);
  for (const auto& expert : from.experts)
    made.experts.push_back(pack(expert, team));
  return made;
}

std::uint64_t bytes_of(const packed_ffn& ffn) {
  return ffn.gate.weight.bytes() + ffn.up.weight.bytes() + ffn.down.weight.bytes();
}

} // namespace

packed_model::packed_model(const model_weights& from, thread_team& team) {
  for (const auto& layer : from.layers) {
    layers.push_back(pack(layer, team));
    from.let_go();
  }
  final_norm = pack(from.final_norm);
  head = pack(from.head, team);
  from.let_go();
}

std::uint64_t packed_model::bytes() const noexcept {
  std::uint64_t sum = head.weight.bytes();
  for (const auto& layer : layers) {
    for (const auto* part : {&layer.query, &layer.key, &layer.value, &layer.output, &layer.router})
      sum += part->weight.bytes();
    sum += bytes_of(layer.ffn);
    for (const auto& expert : layer.experts)
      sum += bytes_of(expert);
  }
  return sum;
}

} // namespace troupe::kernels
