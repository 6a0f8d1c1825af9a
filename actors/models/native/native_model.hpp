#pragma once

#include "actors/models/native/native_settings.hpp"
#include "actors/models/native/tool_calls.hpp"
#include "config/result.hpp"
#include "kernels/chat/chat_template.hpp"
#include "kernels/chat/open.hpp"
#include "kernels/model/weights.hpp"
#include "kernels/tokenizer/tokenizer.hpp"

#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::models {

/// A conversation as its template takes it.
struct conversation {
  std::string messages; // JSON text: a list of {"role", "content", …}
  std::string tools;    // JSON text: a list; empty: none
  std::string begin;    // what the reply begins with, word for word
};

/// The files of a model: its weights, its words, and how it spells conversations. Immutable.
class native_model {
public:
  static result<std::unique_ptr<native_model>> open(const std::string& path);

  const std::shared_ptr<const kernels::model_weights>& weights() const noexcept { return weights_; }
  const kernels::tokenizer& words() const noexcept { return words_; }
  /// Tokens that end a turn, whatever the config says about the end of a text.
  const std::vector<kernels::token_id>& turn_ends() const noexcept { return turn_ends_; }
  tool_style tools() const noexcept { return tools_; }

  result<std::vector<kernels::token_id>> tokens_of(std::string_view text) const;
  /// `invalid` when the template refuses the conversation.
  result<std::vector<kernels::token_id>> tokens_of(const conversation& talk, const std::tm& now) const;

private:
  native_model(std::shared_ptr<const kernels::model_weights> weights, kernels::tokenizer words);
  result<std::string> rendered(const conversation& talk, const std::tm& now) const;

  std::shared_ptr<const kernels::model_weights> weights_;
  kernels::tokenizer words_;
  std::vector<kernels::token_id> turn_ends_;
  kernels::chat::model_template how_;
  std::optional<kernels::chat::chat_template> template_;
  tool_style tools_ = tool_style::none;
};

/// An error of the engine as one of ours.
error from_kernels(const kernels::error& why);

} // namespace troupe::models
