#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace troupe::kernels {

/// What a tensor of a PEFT file is: "base_model.model.MODULE.lora_A.weight", with or without the adapter's
/// name before "weight".
struct peft_tensor_name {
  std::string module; // without "base_model.model."
  bool is_down = false;
  bool is_embedding = false; // lora_embedding_A and _B lie the other way round
};

std::optional<peft_tensor_name> read_peft_name(std::string_view name);

} // namespace troupe::kernels
