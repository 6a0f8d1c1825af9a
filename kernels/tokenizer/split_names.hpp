#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace troupe::kernels {

/// How byte-level text of a GGUF file is cut, by the name it gives in tokenizer.ggml.pre.
struct named_split {
  std::vector<std::string_view> patterns; // one after the other, each within what the last one left
  bool whole_words_first = false;
  bool adds_bos = false;
  bool composes = false; // the model's own tokenizer brings text into NFC
};

std::optional<named_split> split_named(std::string_view name);

/// For an error's hint.
std::string_view some_split_names();

} // namespace troupe::kernels
