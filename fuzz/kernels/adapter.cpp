// Any config and tensors (a 16-bit length parts them): an adapter is refused, or its matrices fit the
// model's.
#include "kernels/adapters/merge.hpp"
#include "kernels/adapters/peft.hpp"

#include <cmath>
#include <cstdlib>

namespace {

using namespace troupe::kernels;

void require(bool holds) {
  if (!holds)
    std::abort();
}

model_shape small_mixtral() {
  model_shape shape;
  shape.of = family::mixtral;
  shape.layers = 1;
  shape.width = 8;
  shape.heads = 2;
  shape.kv_heads = 1;
  shape.head_size = 4;
  shape.ffn_width = 6;
  shape.vocabulary = 16;
  shape.context = 32;
  shape.experts = 2;
  shape.experts_used = 1;
  shape.windows = {0};
  return shape;
}

void check(const lora& pair) {
  require(pair.down.size() == std::size_t{pair.rank} * pair.columns &&
          pair.up.size() == std::size_t{pair.rank} * pair.rows);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 2)
    return 0;
  const auto text_size = std::min<std::size_t>(size - 2, bytes[0] + 256u * bytes[1]);
  const auto json = json_object::parse("x", {reinterpret_cast<const char*>(bytes) + 2, text_size});
  if (!json)
    return 0;
  const auto config = peft_config::read(*json);
  if (!config)
    return 0;
  const auto tensors = std::as_bytes(std::span(bytes + 2 + text_size, size - 2 - text_size));
  const auto set = read_safetensors(mapped_file::of_bytes("x", tensors));
  if (!set)
    return 0;
  const auto read = read_peft_adapter("x", *config, *set, small_mixtral());
  if (!read) {
    require(!read.error().message.empty());
    return 0;
  }
  const auto& layer = read->layers.at(0);
  for (const auto* pair :
       {&layer.query, &layer.key, &layer.value, &layer.output, &layer.router, &read->head, &read->embedding})
    check(*pair);
  for (const auto& expert : layer.experts)
    for (const auto* pair : {&expert.gate, &expert.up, &expert.down})
      check(*pair);
  return 0;
}
