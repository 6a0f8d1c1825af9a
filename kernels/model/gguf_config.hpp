#pragma once

#include "kernels/files/gguf.hpp"
#include "kernels/model/shape.hpp"

namespace troupe::kernels {

/// What a GGUF file's keys say about its model. Mixtral and Mistral files have the architecture "llama".
result<model_shape> read_gguf_config(const gguf_file& file);

} // namespace troupe::kernels
