#pragma once

#include "kernels/base/result.hpp"
#include "kernels/base/token_id.hpp"
#include "kernels/train/feed_forward.hpp"

#include <memory>
#include <span>
#include <vector>

namespace troupe::kernels::train {

/// A text whose tokens from `answer` on are scored, each by what stands before it.
struct example {
  std::vector<token_id> tokens;
  std::size_t answer = 1; // at least 1
};

/// Refuses tokens outside the vocabulary, texts longer than the context and texts without a scored token.
result<done> check_example(const example& one, const model_shape& shape);

struct pass_options {
  dropout drop;
  std::shared_ptr<thread_team> team; // none: the caller's thread alone
  bool keep_tapes = true;            // for a way back
  bool checkpointing =
      false; // keep only what goes into each layer, and compute the layer again on the way back
};

/// One way through a model for some texts, forward and back. The base stays as it is; what the adapter would
/// gain is added up.
template<class Real>
class training_pass {
public:
  /// The examples have been checked. `with` is null for the base alone; all outlive the pass.
  training_pass(const model_weights& model, const parameters<Real>* with, std::span<const example> batch,
                const pass_options& options);

  /// The log-probabilities of all scored tokens, text after text.
  std::vector<std::vector<Real>> forward();

  /// `slopes`: how much the loss gains with each log-probability. Adds to `gains`.
  void backward(const std::vector<std::vector<Real>>& slopes, parameters<Real>& gains);

private:
  struct layer_tape {
    grid<Real> in;
    grid<Real> before; // after the first norm
    attention_tape<Real> attended;
    grid<Real> between; // the sum of input and attention
    grid<Real> normed;  // and its norm
    ffn_tape<Real> fed;
  };

  grid<Real> embedded() const;
  grid<Real> run_layer(std::size_t index, const grid<Real>& in, layer_tape& tape) const;
  grid<Real> run_layer_back(std::size_t index, const layer_tape& tape, const grid<Real>& dy,
                            parameters<Real>& gains) const;
  void embedding_back(const grid<Real>& dx, parameters<Real>& gains) const;

  std::span<const example> batch_;
  pass_options options_;
  pass_setting<Real> setting_;
  std::size_t rows_ = 0;
  std::vector<std::size_t> scored_; // rows whose next token is scored
  std::vector<token_id> next_;      // and that token
  std::vector<layer_tape> tapes_;
  grid<Real> last_; // the scored rows before the final norm
};

extern template class training_pass<float>;
extern template class training_pass<double>;

} // namespace troupe::kernels::train
