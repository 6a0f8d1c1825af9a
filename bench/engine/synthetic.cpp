#include "bench/engine/synthetic.hpp"

#include "kernels/files/gguf_writer.hpp"
#include "kernels/files/quantize.hpp"

#include <cmath>
#include <random>

namespace troupe::bench {

using namespace kernels;

namespace {

model_shape shape_of(bool small) {
  model_shape shape;
  shape.layers = small ? 4 : 16;
  shape.width = small ? 256 : 1'024;
  shape.heads = small ? 4 : 16;
  shape.kv_heads = small ? 2 : 8;
  shape.head_size = 64;
  shape.ffn_width = small ? 704 : 2'816;
  shape.vocabulary = small ? 4'096 : 32'000;
  shape.context = 4'096;
  shape.rope.dimensions = shape.head_size;
  shape.windows.assign(shape.layers, 0);
  return shape;
}

class generator {
public:
  matrix stored(std::uint64_t rows, std::uint64_t columns) {
    std::uniform_real_distribution<float> number(-0.05f, 0.05f);
    auto bytes = std::make_shared<std::vector<std::byte>>();
    std::vector<float> row(columns);
    for (std::uint64_t r = 0; r < rows; ++r) {
      for (auto& value : row)
        value = number(random_);
      const auto block = quantize(dtype::q8_0, row);
      bytes->insert(bytes->end(), block.begin(), block.end());
    }
    return {tensor_view{dtype::q8_0, {rows, columns}, *bytes}, bytes};
  }

  layer_weights layer(const model_shape& shape) {
    layer_weights made;
    made.before_attention.scale = made.before_ffn.scale = std::vector<float>(shape.width, 1);
    made.query.weight = stored(shape.query_width(), shape.width);
    made.key.weight = stored(shape.kv_width(), shape.width);
    made.value.weight = stored(shape.kv_width(), shape.width);
    made.output.weight = stored(shape.width, shape.query_width());
    made.ffn.gate.weight = stored(shape.ffn_width, shape.width);
    made.ffn.up.weight = stored(shape.ffn_width, shape.width);
    made.ffn.down.weight = stored(shape.width, shape.ffn_width);
    return made;
  }

private:
  std::mt19937 random_{17};
};

} // namespace

std::shared_ptr<const model_weights> make_model(bool small) {
  generator make;
  auto model = std::make_shared<model_weights>();
  model->name = small ? "small" : "250M";
  model->shape = shape_of(small);
  model->embedding = make.stored(model->shape.vocabulary, model->shape.width);
  for (std::uint32_t i = 0; i < model->shape.layers; ++i)
    model->layers.push_back(make.layer(model->shape));
  model->final_norm.scale = std::vector<float>(model->shape.width, 1);
  model->head.weight = make.stored(model->shape.vocabulary, model->shape.width);
  return model;
}

namespace {

struct adapted {
  const char* name;
  std::uint32_t rows;
  std::uint32_t columns;
};

tensor_source random_tensor(const std::string& name, std::uint64_t rows, std::uint64_t columns,
                            std::uint32_t seed, float most) {
  return {name, dtype::f16, {rows, columns}, [=]() -> result<std::vector<std::byte>> {
            std::mt19937 random(seed);
            std::uniform_real_distribution<float> number(-most, most);
            std::vector<float> values(rows * columns);
            for (auto& value : values)
              value = number(random);
            return quantize(dtype::f16, values);
          }};
}

} // namespace

result<done> write_adapter(const model_shape& shape, std::uint32_t seed, const std::string& path) {
  constexpr std::uint32_t rank = 16;
  gguf_writer out;
  out.set_text("general.type", "adapter");
  out.set_text("general.architecture", "llama");
  out.set_text("adapter.type", "lora");
  out.set_number("adapter.lora.alpha", 2.0f * rank);
  const adapted all[] = {
      {"attn_q", shape.query_width(), shape.width}, {"attn_k", shape.kv_width(), shape.width},
      {"attn_v", shape.kv_width(), shape.width},    {"attn_output", shape.width, shape.query_width()},
      {"ffn_gate", shape.ffn_width, shape.width},   {"ffn_up", shape.ffn_width, shape.width},
      {"ffn_down", shape.width, shape.ffn_width}};
  for (std::uint32_t layer = 0; layer < shape.layers; ++layer)
    for (const auto& one : all) {
      const auto name = "blk." + std::to_string(layer) + "." + one.name + ".weight.lora_";
      const auto most = 1 / std::sqrt(static_cast<float>(one.columns));
      out.add(random_tensor(name + "a", rank, one.columns, ++seed, most));
      out.add(random_tensor(name + "b", one.rows, rank, ++seed, 0.02f));
    }
  return out.write(path);
}

} // namespace troupe::bench
