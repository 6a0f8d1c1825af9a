#include "kernels/train/pass.hpp"

#include "kernels/train/norm.hpp"

#include <algorithm>
#include <cmath>

namespace troupe::kernels::train {

namespace {

/// Rows whose logits are there at one time: the vocabulary is wide.
constexpr std::size_t head_rows = 128;

template<class Real>
Real log_sum(std::span<const Real> logits) {
  const Real largest = *std::ranges::max_element(logits);
  Real sum = 0;
  for (const Real v : logits)
    sum += std::exp(v - largest);
  return largest + std::log(sum);
}

template<class Real>
grid<Real> some_rows(const grid<Real>& x, std::size_t begin, std::size_t end) {
  grid<Real> part(end - begin, x.columns());
  std::ranges::copy(x.values().subspan(begin * x.columns(), part.values().size()), part.values().begin());
  return part;
}

} // namespace

result<done> check_example(const example& one, const model_shape& shape) {
  if (one.answer == 0 || one.answer >= one.tokens.size())
    return fail(fault::invalid, "a text of " + std::to_string(one.tokens.size()) +
                                    " tokens with its answer at " + std::to_string(one.answer) +
                                    " has no token to learn");
  if (one.tokens.size() > shape.context)
    return fail(fault::invalid, "a text of " + std::to_string(one.tokens.size()) +
                                    " tokens is longer than the model's context of " +
                                    std::to_string(shape.context));
  const auto outside = std::ranges::find_if(one.tokens, [&shape](token_id t) {
    return t < 0 || static_cast<std::uint32_t>(t) >= shape.vocabulary;
  });
  if (outside != one.tokens.end())
    return fail(fault::invalid, "token " + std::to_string(*outside) + " is outside the vocabulary of " +
                                    std::to_string(shape.vocabulary));
  return done{};
}

template<class Real>
training_pass<Real>::training_pass(const model_weights& model, const parameters<Real>* with,
                                   std::span<const example> batch, const pass_options& options)
    : batch_(batch)
    , options_(options) {
  setting_.model = &model;
  setting_.with = with;
  setting_.drop = options.drop;
  setting_.multiply = products(options.team);
  std::size_t longest = 0;
  for (const auto& one : batch) {
    setting_.texts.push_back({rows_, rows_ + one.tokens.size()});
    for (std::size_t at = one.answer; at < one.tokens.size(); ++at) {
      scored_.push_back(rows_ + at - 1);
      next_.push_back(one.tokens[at]);
    }
    rows_ += one.tokens.size();
    longest = std::max(longest, one.tokens.size());
  }
  const auto frequencies = rope_frequencies(model.shape.rope);
  for (std::uint32_t position = 0; position < longest; ++position)
    setting_.angles.push_back(angles_at(frequencies, model.shape.rope.attention_factor, position));
}

template<class Real>
grid<Real> training_pass<Real>::embedded() const {
  const auto& model = *setting_.model;
  grid<Real> hidden(rows_, model.shape.width);
  std::vector<float> scratch(model.shape.width);
  const auto* pair = setting_.at(site_map(model.shape).embedding()).pair;
  std::size_t row = 0;
  for (const auto& one : batch_)
    for (const auto id : one.tokens) {
      const auto token = static_cast<std::size_t>(id);
      const auto out = hidden.row(row++);
      std::ranges::copy(model.embedding.row(token, scratch), out.begin());
      if (!pair)
        continue;
      for (std::uint32_t r = 0; r < pair->rank; ++r)
        for (std::uint32_t o = 0; o < pair->rows; ++o)
          out[o] += pair->scale * pair->up[std::size_t{o} * pair->rank + r] *
                    pair->down[std::size_t{r} * pair->columns + token];
    }
  return hidden;
}

template<class Real>
void training_pass<Real>::embedding_back(const grid<Real>& dx, parameters<Real>& gains) const {
  const auto place = gains.sites().embedding();
  const auto* pair = setting_.at(place).pair;
  if (!pair || pair->rank == 0)
    return;
  auto& gain = gains.pair(place);
  std::size_t row = 0;
  for (const auto& one : batch_)
    for (const auto id : one.tokens) {
      const auto token = static_cast<std::size_t>(id);
      const auto d = dx.row(row++);
      for (std::uint32_t r = 0; r < pair->rank; ++r)
        for (std::uint32_t o = 0; o < pair->rows; ++o) {
          const auto up = std::size_t{o} * pair->rank + r;
          const auto down = std::size_t{r} * pair->columns + token;
          gain.up[up] += pair->scale * d[o] * pair->down[down];
          gain.down[down] += pair->scale * d[o] * pair->up[up];
        }
    }
}

template<class Real>
grid<Real> training_pass<Real>::run_layer(std::size_t index, const grid<Real>& in, layer_tape& tape) const {
  const auto& by = setting_.model->layers[index];
  const double epsilon = setting_.shape().norm_epsilon;
  tape.before = normalised(by.before_attention, epsilon, in);
  const auto attended = attention(setting_, index, tape.before, tape.attended);
  tape.between = in;
  add<Real>(tape.between.values(), attended.values());
  auto out = tape.between;
  if (setting_.shape().is_phi()) { // both parts see the same norm of the same state
    add<Real>(out.values(), feed_forward(setting_, index, tape.before, tape.fed).values());
    return out;
  }
  tape.normed = normalised(by.before_ffn, epsilon, tape.between);
  add<Real>(out.values(), feed_forward(setting_, index, tape.normed, tape.fed).values());
  return out;
}

template<class Real>
grid<Real> training_pass<Real>::run_layer_back(std::size_t index, const layer_tape& tape,
                                               const grid<Real>& dy, parameters<Real>& gains) const {
  const auto& by = setting_.model->layers[index];
  const double epsilon = setting_.shape().norm_epsilon;
  auto dx = dy;
  if (setting_.shape().is_phi()) {
    auto d_before = feed_forward_backward(setting_, index, tape.before, tape.fed, dy, gains);
    add<Real>(d_before.values(),
              attention_backward(setting_, index, tape.before, tape.attended, dy, gains).values());
    add<Real>(dx.values(), normalised_backward(by.before_attention, epsilon, tape.in, d_before).values());
    return dx;
  }
  const auto d_normed = feed_forward_backward(setting_, index, tape.normed, tape.fed, dy, gains);
  add<Real>(dx.values(), normalised_backward(by.before_ffn, epsilon, tape.between, d_normed).values());
  const auto d_before = attention_backward(setting_, index, tape.before, tape.attended, dx, gains);
  add<Real>(dx.values(), normalised_backward(by.before_attention, epsilon, tape.in, d_before).values());
  return dx;
}

template<class Real>
std::vector<std::vector<Real>> training_pass<Real>::forward() {
  const auto& model = *setting_.model;
  auto hidden = embedded();
  for (std::size_t index = 0; index < model.layers.size(); ++index) {
    layer_tape tape;
    auto out = run_layer(index, hidden, tape);
    if (options_.keep_tapes) {
      if (options_.checkpointing)
        tape = layer_tape{};
      tape.in = std::move(hidden);
      tapes_.push_back(std::move(tape));
    }
    hidden = std::move(out);
  }
  last_ = grid<Real>(scored_.size(), hidden.columns());
  for (std::size_t i = 0; i < scored_.size(); ++i)
    std::ranges::copy(hidden.row(scored_[i]), last_.row(i).begin());
  const auto normed = normalised(model.final_norm, model.shape.norm_epsilon, last_);
  const auto place = site_map(model.shape).head();
  std::vector<Real> scores;
  for (std::size_t begin = 0; begin < normed.rows(); begin += head_rows) {
    const auto part = some_rows(normed, begin, std::min(begin + head_rows, normed.rows()));
    const auto logits = apply(model.head, setting_.at(place), part);
    for (std::size_t i = 0; i < part.rows(); ++i)
      scores.push_back(logits.row(i)[static_cast<std::size_t>(next_[begin + i])] -
                       log_sum<Real>(logits.row(i)));
  }
  std::vector<std::vector<Real>> by_text;
  auto at = scores.begin();
  for (const auto& one : batch_) {
    const auto count = static_cast<std::ptrdiff_t>(one.tokens.size() - one.answer);
    by_text.emplace_back(at, at + count);
    at += count;
  }
  return by_text;
}

template<class Real>
void training_pass<Real>::backward(const std::vector<std::vector<Real>>& slopes, parameters<Real>& gains) {
  const auto& model = *setting_.model;
  ensure(tapes_.size() == model.layers.size(), "a way back follows one way forward that kept its tapes");
  const auto normed = normalised(model.final_norm, model.shape.norm_epsilon, last_);
  const auto place = gains.sites().head();
  grid<Real> d_normed(normed.rows(), normed.columns());
  std::vector<Real> slope;
  for (const auto& of_text : slopes)
    slope.insert(slope.end(), of_text.begin(), of_text.end());
  for (std::size_t begin = 0; begin < normed.rows(); begin += head_rows) {
    const auto part = some_rows(normed, begin, std::min(begin + head_rows, normed.rows()));
    auto d = apply(model.head, setting_.at(place), part);
    for (std::size_t i = 0; i < part.rows(); ++i) { // slope * (1 of the token - softmax)
      const auto row = d.row(i);
      const Real sum = log_sum<Real>(row);
      for (auto& v : row)
        v = -slope[begin + i] * std::exp(v - sum);
      row[static_cast<std::size_t>(next_[begin + i])] += slope[begin + i];
    }
    const auto dx = apply_backward(model.head, setting_.at(place), gains.pair(place), part, d);
    std::ranges::copy(dx.values(), d_normed.row(begin).data());
  }
  const auto d_last = normalised_backward(model.final_norm, model.shape.norm_epsilon, last_, d_normed);
  grid<Real> d(rows_, model.shape.width);
  for (std::size_t i = 0; i < scored_.size(); ++i)
    add<Real>(d.row(scored_[i]), d_last.row(i));
  for (std::size_t index = model.layers.size(); index-- > gains.first_layer();) {
    auto& tape = tapes_[index];
    if (options_.checkpointing) {
      auto in = std::move(tape.in);
      run_layer(index, in, tape);
      tape.in = std::move(in);
    }
    d = run_layer_back(index, tape, d, gains);
    tape = layer_tape{};
  }
  embedding_back(d, gains);
  gains.join_shared();
  tapes_.clear();
}

template class training_pass<float>;
template class training_pass<double>;

} // namespace troupe::kernels::train
