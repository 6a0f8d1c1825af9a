#pragma once

#include "kernels/files/gguf.hpp"
#include "kernels/files/safetensors.hpp"
#include "kernels/model/weights.hpp"

namespace troupe::kernels {

result<model_weights> load_hf_folder(const std::string& folder);
result<model_weights> load_hf_model(const model_shape& shape, const tensor_set& files);
result<model_weights> load_gguf_model(const gguf_file& file);

} // namespace troupe::kernels
