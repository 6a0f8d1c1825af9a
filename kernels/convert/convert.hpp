#pragma once

#include "kernels/files/gguf.hpp"
#include "kernels/model/weights.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace troupe::kernels {

struct conversion {
  /// The kind matrices are stored as; nothing: as they are. Norms, biases and routers stay float32, and what
  /// has no whole number of blocks in a row becomes F16.
  std::optional<dtype> type;
};

struct conversion_report {
  std::uint64_t tensors = 0;
  std::uint64_t fallbacks = 0; // matrices whose rows are no whole number of blocks
};

/// Writes a GGUF file. `keys_from` is the file the model was read from, whose vocabulary is copied; without
/// one the file has none.
result<conversion_report> write_gguf_model(const model_weights& model, const gguf_file* keys_from,
                                           const conversion& how, const std::string& path);

/// Writes config.json and model.safetensors into a folder. Kinds with blocks become F32, which those files
/// can hold.
result<conversion_report> write_hf_model(const model_weights& model, const conversion& how,
                                         const std::string& folder);

/// A kind by its name, as commands take it: f32, f16, bf16, q8_0, q4_0.
std::optional<dtype> writable_type(std::string_view name);

} // namespace troupe::kernels
