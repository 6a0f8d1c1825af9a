#pragma once

#include "kernels/adapters/adapter.hpp"
#include "kernels/base/result.hpp"
#include "kernels/model/weights.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace troupe::bench {

/// A model of the Llama family with random weights stored as Q8_0: 250 million parameters, or a small one.
std::shared_ptr<const kernels::model_weights> make_model(bool small);

/// A random LoRA adapter of rank 16 for every matrix of the layers, as a GGUF file that every engine reads.
kernels::result<kernels::done> write_adapter(const kernels::model_shape& shape, std::uint32_t seed,
                                             const std::string& path);

} // namespace troupe::bench
