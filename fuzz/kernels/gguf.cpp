// Any bytes: a GGUF file is refused, or all that it hands out lies within it; a model in it is refused, or it
// runs.
#include "kernels/adapters/gguf_adapter.hpp"
#include "kernels/files/dequantize.hpp"
#include "kernels/model/loaders.hpp"
#include "kernels/reference/engine.hpp"

#include <cstdlib>

namespace {

using namespace troupe::kernels;

void require(bool holds) {
  if (!holds)
    std::abort();
}

void read_keys(const gguf_file& file) {
  for (const auto& [key, value] : file.metadata()) {
    (void)file.texts(key); // whichever type it has, the others are refused
    (void)file.numbers(key);
    (void)file.integers(key);
    require(file.count(key).has_value() + file.text(key).has_value() <= 1);
  }
}

void read_tensors(const gguf_file& file) {
  for (const auto& [name, entry] : file.tensors()) {
    const auto tensor = file.tensor(name);
    if (!tensor || !is_weight(tensor->type))
      continue;
    require(bytes_of(tensor->type, tensor->elements()) == tensor->bytes.size());
    std::vector<float> values(static_cast<std::size_t>(tensor->elements()));
    dequantize(tensor->type, tensor->bytes, values);
  }
}

void run_model(const gguf_file& file) {
  auto model = load_gguf_model(file);
  if (!model)
    return require(!model.error().message.empty());
  const auto shared = std::make_shared<const model_weights>(std::move(*model));
  sequence text(shared->shape);
  const token_id tokens[] = {0, 0};
  const step whole{&text, tokens, true};
  const auto logits = reference_engine(shared).forward({&whole, 1});
  require(!logits || logits->front().columns() == shared->shape.vocabulary);
  (void)read_gguf_adapter(file, shared->shape);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto file = gguf_file::read(mapped_file::of_bytes("x", std::as_bytes(std::span(bytes, size))));
  if (!file) {
    require(!file.error().message.empty());
    return 0;
  }
  read_keys(*file);
  read_tensors(*file);
  run_model(*file);
  return 0;
}
