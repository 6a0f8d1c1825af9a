#pragma once

#include "kernels/base/result.hpp"

#include <string>

namespace troupe::kernels::chat {

/// What a model says about how conversations are spelled.
struct model_template {
  std::string source;
  std::string bos; // as text; empty if there is none
  std::string eos;
};

/// From a GGUF, or from a folder's chat_template.jinja or tokenizer_config.json. `not_found` if the model
/// says nothing. Of several templates the one called "default".
result<model_template> open_model_template(const std::string& path);

} // namespace troupe::kernels::chat
