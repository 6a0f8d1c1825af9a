#pragma once

#include "kernels/adapters/adapter.hpp"
#include "kernels/adapters/peft_config.hpp"
#include "kernels/files/safetensors.hpp"

#include <string>

namespace troupe::kernels {

/// A PEFT folder: adapter_config.json and adapter_model.safetensors. Strict both ways: every tensor belongs
/// to a module that the config targets and the model has, and every module that is targeted has its tensors.
result<adapter> load_peft_adapter(const std::string& folder, const model_shape& shape);
result<peft_config> open_peft_config(const std::string& folder);
result<adapter> read_peft_adapter(const std::string& name, const peft_config& config,
                                  const tensor_set& tensors, const model_shape& shape);

} // namespace troupe::kernels
