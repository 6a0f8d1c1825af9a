// What adapters add to a decode step on a GPU by the planner's count: bytes and launches beside the base
// model's bytes. No device is needed, and none is measured.
#include "kernels/cuda/plan.hpp"

#include <cstdio>

namespace {

using namespace troupe::kernels;

model_shape dense(family of, std::uint32_t layers, std::uint32_t width, std::uint32_t heads,
                  std::uint32_t kv_heads, std::uint32_t ffn, std::uint32_t vocabulary) {
  model_shape shape;
  shape.of = of;
  shape.layers = layers;
  shape.width = width;
  shape.heads = heads;
  shape.kv_heads = kv_heads;
  shape.head_size = width / heads;
  shape.ffn_width = ffn;
  shape.vocabulary = vocabulary;
  return shape;
}

void tell(const char* name, const model_shape& shape) {
  constexpr std::uint32_t processors = 132; // of an H200
  for (const auto& [texts, distinct] :
       {std::pair<std::uint32_t, std::uint32_t>{1, 1}, {32, 1}, {32, 32}, {256, 1}, {256, 32}, {256, 256}}) {
    cuda::step_shape step;
    step.texts = texts;
    step.distinct = distinct;
    const auto cost = cuda::cost_of(shape, step, processors);
    std::printf("| %s | %u | %u | %.2f | %.3f | %.3f | %.3f | %u |\n", name, texts, distinct,
                cost.base_bytes / 1e9, cost.lora_bytes / 1e9, cost.middle_bytes / 1e9, cost.ratio(),
                cost.launches);
  }
}

} // namespace

int main() {
  std::printf("| model, bf16, rank 16 on all matrices | texts | adapters | base GB | adapters GB | middle GB "
              "| bytes with / "
              "without | launches |\n|---|---|---|---|---|---|---|---|\n");
  tell("Mistral-7B", dense(family::mistral, 32, 4'096, 32, 8, 14'336, 32'000));
  tell("Llama-2-13B", dense(family::llama, 40, 5'120, 40, 40, 13'824, 32'000));
  tell("Phi-2", dense(family::phi2, 32, 2'560, 32, 32, 10'240, 51'200));
}
