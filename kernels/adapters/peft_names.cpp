#include "kernels/adapters/peft_names.hpp"

#include <array>

namespace troupe::kernels {

namespace {

struct kind {
  std::string_view mark;
  bool is_down;
  bool is_embedding;
};

constexpr std::array<kind, 4> kinds{{{".lora_A.", true, false},
                                     {".lora_B.", false, false},
                                     {".lora_embedding_A", true, true},
                                     {".lora_embedding_B", false, true}}};

/// "weight" or "NAME.weight"; embeddings have no "weight", but may have the name.
bool is_ending(std::string_view end, bool is_embedding) {
  if (is_embedding)
    return end.empty() || (end.starts_with('.') && end.find('.', 1) == std::string_view::npos);
  if (end == "weight")
    return true;
  return end.ends_with(".weight") && end.find('.') == end.size() - 7;
}

} // namespace

std::optional<peft_tensor_name> read_peft_name(std::string_view name) {
  constexpr std::string_view prefix = "base_model.model.";
  if (!name.starts_with(prefix))
    return std::nullopt;
  name.remove_prefix(prefix.size());
  for (const auto& [mark, is_down, is_embedding] : kinds) {
    const auto at = name.find(mark);
    if (at == std::string_view::npos || !is_ending(name.substr(at + mark.size()), is_embedding))
      continue;
    return peft_tensor_name{std::string(name.substr(0, at)), is_down, is_embedding};
  }
  return std::nullopt;
}

} // namespace troupe::kernels
