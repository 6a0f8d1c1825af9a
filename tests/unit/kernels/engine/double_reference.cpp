#include "tests/unit/kernels/engine/double_reference.hpp"

#include "kernels/model/rope.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace troupe::kernels::tests {

namespace {

using row = std::vector<double>;

row times(const matrix& weight, const std::vector<float>& bias, const row& x) {
  row y(weight.rows());
  std::vector<float> scratch(weight.columns());
  for (std::size_t r = 0; r < y.size(); ++r) {
    const auto own = weight.row(r, scratch);
    for (std::size_t c = 0; c < x.size(); ++c)
      y[r] += static_cast<double>(own[c]) * x[c];
    if (!bias.empty())
      y[r] += static_cast<double>(bias[r]);
  }
  return y;
}

void add_gain(const lora* pair, const row& x, row& y) {
  if (!pair || pair->empty())
    return;
  for (std::size_t k = 0; k < pair->rank; ++k) {
    double hidden = 0;
    for (std::size_t c = 0; c < pair->columns; ++c)
      hidden += static_cast<double>(pair->down[k * pair->columns + c]) * x[c];
    for (std::size_t r = 0; r < pair->rows; ++r)
      y[r] += static_cast<double>(pair->scale) * hidden * static_cast<double>(pair->up[r * pair->rank + k]);
  }
}

row times(const linear& by, const lora* gain, const row& x) {
  auto y = times(by.weight, by.bias, x);
  add_gain(gain, x, y);
  return y;
}

row normal(const std::vector<float>& scale, const std::vector<float>& shift, double epsilon, row x) {
  const auto count = static_cast<double>(x.size());
  const double mean = shift.empty() ? 0 : std::accumulate(x.begin(), x.end(), 0.0) / count;
  double square = 0;
  for (auto& value : x) {
    value -= mean;
    square += value * value;
  }
  for (std::size_t i = 0; i < x.size(); ++i)
    x[i] = x[i] / std::sqrt(square / count + epsilon) * static_cast<double>(scale[i]) +
           (shift.empty() ? 0 : static_cast<double>(shift[i]));
  return x;
}

row normal(const norm_weights& by, double epsilon, const row& x) {
  return normal(by.scale, by.shift, epsilon, x);
}

row softmax(row scores) {
  const double most = *std::ranges::max_element(scores);
  double sum = 0;
  for (auto& score : scores)
    sum += score = std::exp(score - most);
  for (auto& score : scores)
    score /= sum;
  return scores;
}

double gelu(double x) {
  return x / 2 * (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x)));
}

class text {
public:
  text(const model_weights& model, const adapter* with)
      : model_(model)
      , shape_(model.shape)
      , with_(with)
      , frequencies_(rope_frequencies(shape_.rope))
      , keys_(shape_.layers)
      , values_(shape_.layers) {}

  row next(token_id token) {
    auto hidden = embedding(token);
    for (std::size_t layer = 0; layer < shape_.layers; ++layer) {
      const auto& own = model_.layers[layer];
      const auto before = normal(own.before_attention, shape_.norm_epsilon, hidden);
      add(hidden, attention(layer, before));
      const auto between = shape_.is_phi() ? before : normal(own.before_ffn, shape_.norm_epsilon, hidden);
      add(hidden, own.experts.empty()
                      ? feed_forward(own.ffn, gains(layer) ? &gains(layer)->ffn : nullptr, between)
                      : experts(layer, between));
    }
    ++position_;
    return times(model_.head, with_ ? &with_->head : nullptr,
                 normal(model_.final_norm, shape_.norm_epsilon, hidden));
  }

private:
  const layer_adapter* gains(std::size_t layer) const { return with_ ? &with_->layers[layer] : nullptr; }

  static void add(row& to, const row& from) {
    for (std::size_t i = 0; i < to.size(); ++i)
      to[i] += from[i];
  }

  row embedding(token_id token) const {
    std::vector<float> scratch(shape_.width);
    const auto own = model_.embedding.row(static_cast<std::uint64_t>(token), scratch);
    row hidden(own.begin(), own.end());
    if (with_ && !with_->embedding.empty()) {
      row one(shape_.vocabulary);
      one[static_cast<std::size_t>(token)] = 1;
      add_gain(&with_->embedding, one, hidden);
    }
    return hidden;
  }

  void turn(double* head, const std::vector<float>& norm) const {
    if (!norm.empty()) {
      const auto made = normal(norm, {}, shape_.norm_epsilon, row(head, head + shape_.head_size));
      std::ranges::copy(made, head);
    }
    const auto half = frequencies_.size();
    for (std::size_t i = 0; i < half; ++i) {
      const double angle = static_cast<double>(position_) * static_cast<double>(frequencies_[i]);
      const double c = std::cos(angle) * shape_.rope.attention_factor;
      const double s = std::sin(angle) * shape_.rope.attention_factor;
      const double a = head[i], b = head[i + half];
      head[i] = a * c - b * s;
      head[i + half] = b * c + a * s;
    }
  }

  row attention(std::size_t layer, const row& x) {
    const auto& own = model_.layers[layer];
    const auto* gain = gains(layer);
    auto query = times(own.query, gain ? &gain->query : nullptr, x);
    auto key = times(own.key, gain ? &gain->key : nullptr, x);
    values_[layer].push_back(times(own.value, gain ? &gain->value : nullptr, x));
    const std::size_t size = shape_.head_size;
    for (std::size_t head = 0; head < shape_.heads; ++head)
      turn(query.data() + head * size, own.query_norm);
    for (std::size_t head = 0; head < shape_.kv_heads; ++head)
      turn(key.data() + head * size, own.key_norm);
    keys_[layer].push_back(std::move(key));
    row mixed(shape_.query_width());
    for (std::size_t head = 0; head < shape_.heads; ++head)
      attend(layer, head, query, mixed);
    return times(own.output, gain ? &gain->output : nullptr, mixed);
  }

  void attend(std::size_t layer, std::size_t head, const row& query, row& mixed) const {
    const std::size_t size = shape_.head_size;
    const auto at = head / (shape_.heads / shape_.kv_heads) * size;
    const std::size_t window = shape_.windows[layer];
    const auto first = window > 0 && position_ + 1 > window ? position_ + 1 - window : 0;
    row scores;
    for (auto p = first; p <= position_; ++p) {
      double sum = 0;
      for (std::size_t d = 0; d < size; ++d)
        sum += query[head * size + d] * keys_[layer][p][at + d];
      scores.push_back(sum / std::sqrt(static_cast<double>(size)));
    }
    scores = softmax(scores);
    for (auto p = first; p <= position_; ++p)
      for (std::size_t d = 0; d < size; ++d)
        mixed[head * size + d] += scores[p - first] * values_[layer][p][at + d];
  }

  row feed_forward(const ffn_weights& own, const ffn_adapter* gain, const row& x) const {
    auto inner = times(own.up, gain ? &gain->up : nullptr, x);
    if (own.gate.weight.empty()) {
      std::ranges::transform(inner, inner.begin(), gelu);
    } else {
      const auto gate = times(own.gate, gain ? &gain->gate : nullptr, x);
      for (std::size_t i = 0; i < inner.size(); ++i)
        inner[i] *= gate[i] / (1 + std::exp(-gate[i]));
    }
    return times(own.down, gain ? &gain->down : nullptr, inner);
  }

  row experts(std::size_t layer, const row& x) const {
    const auto& own = model_.layers[layer];
    const auto* gain = gains(layer);
    const auto shares = softmax(times({own.router, {}}, gain ? &gain->router : nullptr, x));
    std::vector<std::size_t> order(shares.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](auto a, auto b) { return shares[a] > shares[b]; });
    order.resize(shape_.experts_used);
    double sum = 0;
    for (const auto expert : order)
      sum += shares[expert];
    row out(x.size());
    for (const auto expert : order) {
      const auto* own_gain = gain && !gain->experts.empty() ? &gain->experts[expert] : nullptr;
      const auto made = feed_forward(own.experts[expert], own_gain, x);
      for (std::size_t i = 0; i < out.size(); ++i)
        out[i] += shares[expert] / sum * made[i];
    }
    return out;
  }

  const model_weights& model_;
  const model_shape& shape_;
  const adapter* with_;
  std::vector<float> frequencies_;
  std::vector<std::vector<row>> keys_; // by layer and position
  std::vector<std::vector<row>> values_;
  std::size_t position_ = 0;
};

} // namespace

std::vector<std::vector<double>> double_logits(const model_weights& model, std::span<const token_id> tokens,
                                               const adapter* with) {
  text one(model, with);
  std::vector<std::vector<double>> logits;
  for (const auto token : tokens)
    logits.push_back(one.next(token));
  return logits;
}

} // namespace troupe::kernels::tests
