#pragma once

#include "kernels/adapters/adapter.hpp"
#include "kernels/files/gguf.hpp"

#include <string>

namespace troupe::kernels {

/// A GGUF LoRA adapter. For the architecture llama its rows of queries and keys lie in pairs, like the
/// base's: they come out in order. An alpha of 0 means a scale of 1. Adapters of a fused attn_qkv are taken
/// apart.
result<adapter> read_gguf_adapter(const gguf_file& file, const model_shape& shape);

/// A PEFT folder or a GGUF file.
result<adapter> load_adapter(const std::string& path, const model_shape& shape);

} // namespace troupe::kernels
