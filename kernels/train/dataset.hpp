#pragma once

#include "kernels/chat/open.hpp"
#include "kernels/model/shape.hpp"
#include "kernels/tokenizer/tokenizer.hpp"
#include "kernels/train/pass.hpp"

#include <string>
#include <vector>

namespace troupe::kernels::train {

/// With what texts become tokens.
struct text_reader {
  const tokenizer* words = nullptr;
  const chat::model_template* chat = nullptr; // null: the model has none, and conversations are refused
  const model_shape* shape = nullptr;
};

/// Examples out of JSON lines, each {"prompt", "completion"} or {"messages": [...]} that ends with what the
/// assistant says. Scored are the completion, or the last message. Nothing is cut: a text that is longer than
/// the context is refused, as is everything else that is wrong, with the line.
result<std::vector<example>> read_examples(const std::string& path, const text_reader& with);
/// One line of it.
result<example> read_example(std::string_view line, const text_reader& with);

} // namespace troupe::kernels::train
