#pragma once

#include "actors/models/signature.hpp"
#include "runtime/effects/outcome.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace troupe::models {

enum class predict_state { asking, done, failed };

/// What to do next. `messages` when asking, `output` (JSON text) when done, `failure` when failed.
struct predict_step {
  predict_state state = predict_state::failed;
  std::vector<chat_message> messages;
  std::string output;
  outcome failure;
};

/// One prediction as a plain dialogue: start() gives the first messages, every feed() takes the model's reply
/// to the last ones. Whoever drives it makes each asking one journaled effect; the same replies lead to the
/// same steps.
///
/// A repeated question quotes only the newest faulty answer: older ones cost tokens and teach nothing new.
class predict_session {
public:
  /// `reasks`: how often a reply that is no valid output is sent back with the reason; 0 to limits::reasks.
  predict_session(signature sig, int reasks);

  /// Fails with kind `invalid` if the input breaks the signature's schema. `input` is JSON text.
  predict_step start(std::string_view input);

  /// Must follow a step that asks. Fails with kind `model.invalid_output` after the last try. A model that
  /// was held to the schema is asked once: it could only say the same again.
  predict_step feed(std::string_view reply, bool held = false);

  int asked() const noexcept { return asked_; }

private:
  predict_step ask(std::vector<chat_message> messages);
  predict_step give_up(const std::string& why);

  signature signature_;
  std::vector<chat_message> question_;
  int tries_;
  int asked_ = 0;
  bool asking_ = false;
};

} // namespace troupe::models
