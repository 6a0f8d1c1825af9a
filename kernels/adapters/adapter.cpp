#include "kernels/adapters/adapter.hpp"

namespace troupe::kernels {

namespace {

std::uint64_t parameters_of(const lora& pair) { return pair.down.size() + pair.up.size(); }

std::uint64_t parameters_of(const ffn_adapter& ffn) {
  return parameters_of(ffn.gate) + parameters_of(ffn.up) + parameters_of(ffn.down);
}

} // namespace

std::uint64_t adapter::parameters() const noexcept {
  auto sum = parameters_of(head) + parameters_of(embedding);
  for (const auto& layer : layers) {
    for (const auto* pair : {&layer.query, &layer.key, &layer.value, &layer.output, &layer.router})
      sum += parameters_of(*pair);
    sum += parameters_of(layer.ffn);
    for (const auto& expert : layer.experts)
      sum += parameters_of(expert);
  }
  return sum;
}

} // namespace troupe::kernels
