#include "kernels/train/feed_forward.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace troupe::kernels::train {

namespace {

template<class Real>
Real sigmoid(Real x) {
  return 1 / (1 + std::exp(-x));
}

template<class Real>
constexpr Real gelu_slope = static_cast<Real>(0.044715);

template<class Real>
Real gelu_inner(Real x) {
  return std::sqrt(2 / std::numbers::pi_v<Real>) * (x + gelu_slope<Real> * x * x * x);
}

template<class Real>
Real gelu(Real x) {
  return x / 2 * (1 + std::tanh(gelu_inner(x)));
}

template<class Real>
Real gelu_derivative(Real x) {
  const Real t = std::tanh(gelu_inner(x));
  const Real inner = std::sqrt(2 / std::numbers::pi_v<Real>) * (1 + 3 * gelu_slope<Real> * x * x);
  return (1 + t) / 2 + x / 2 * (1 - t * t) * inner;
}

/// Where the pairs of a feed-forward part are: of the layer, or of one of its experts.
struct ffn_places {
  std::size_t gate;
  std::size_t up;
  std::size_t down;
};

ffn_places places_of(const site_map& sites, std::size_t layer) {
  return {sites.at(layer, site::gate), sites.at(layer, site::up), sites.at(layer, site::down)};
}

ffn_places places_of(const site_map& sites, std::size_t layer, std::size_t expert) {
  return {sites.at(layer, expert, site::gate), sites.at(layer, expert, site::up),
          sites.at(layer, expert, site::down)};
}

template<class Real>
grid<Real> gated(const pass_setting<Real>& s, const ffn_weights& by, const ffn_places& at,
                 const grid<Real>& x, gated_tape<Real>& tape) {
  tape.up = apply(by.up, s.at(at.up), x);
  tape.inner = tape.up;
  const auto inner = tape.inner.values();
  if (by.gate.weight.empty()) {
    std::ranges::transform(inner, inner.begin(), [](Real u) { return gelu(u); });
  } else {
    tape.gate = apply(by.gate, s.at(at.gate), x);
    std::ranges::transform(inner, tape.gate.values(), inner.begin(),
                           [](Real u, Real g) { return u * g * sigmoid(g); });
  }
  return apply(by.down, s.at(at.down), tape.inner);
}

template<class Real>
grid<Real> gated_backward(const pass_setting<Real>& s, const ffn_weights& by, const ffn_places& at,
                          const grid<Real>& x, const gated_tape<Real>& tape, const grid<Real>& dy,
                          parameters<Real>& gains) {
  auto d_up = apply_backward(by.down, s.at(at.down), gains.pair(at.down), tape.inner, dy);
  const auto up = tape.up.values();
  const auto d = d_up.values();
  if (by.gate.weight.empty()) {
    for (std::size_t i = 0; i < d.size(); ++i)
      d[i] *= gelu_derivative(up[i]);
    return apply_backward(by.up, s.at(at.up), gains.pair(at.up), x, d_up);
  }
  grid<Real> d_gate(d_up.rows(), d_up.columns());
  const auto gate = tape.gate.values();
  for (std::size_t i = 0; i < d.size(); ++i) {
    const Real open = sigmoid(gate[i]);
    d_gate.values()[i] = d[i] * up[i] * open * (1 + gate[i] * (1 - open));
    d[i] *= gate[i] * open;
  }
  auto dx = apply_backward(by.up, s.at(at.up), gains.pair(at.up), x, d_up);
  add<Real>(dx.values(), apply_backward(by.gate, s.at(at.gate), gains.pair(at.gate), x, d_gate).values());
  return dx;
}

/// The experts of the largest scores, the first of equals, with the softmax of the chosen scores: the same as
/// a softmax of all whose chosen shares are scaled to a sum of one.
template<class Real>
void choose(std::span<const Real> scores, std::uint32_t count, std::size_t row,
            std::vector<expert_tape<Real>>& into) {
  std::vector<std::uint32_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0u);
  std::ranges::stable_sort(order, [&scores](auto a, auto b) { return scores[a] > scores[b]; });
  Real sum = 0;
  for (std::uint32_t i = 0; i < count; ++i)
    sum += std::exp(scores[order[i]] - scores[order[0]]);
  for (std::uint32_t i = 0; i < count; ++i) {
    auto& expert = into[order[i]];
    expert.rows.push_back(row);
    expert.shares.push_back(std::exp(scores[order[i]] - scores[order[0]]) / sum);
  }
}

template<class Real>
grid<Real> rows_of(const grid<Real>& x, std::span<const std::size_t> rows) {
  grid<Real> picked(rows.size(), x.columns());
  for (std::size_t i = 0; i < rows.size(); ++i)
    std::ranges::copy(x.row(rows[i]), picked.row(i).begin());
  return picked;
}

template<class Real>
void add_scaled(std::span<Real> to, Real factor, std::span<const Real> from) {
  for (std::size_t i = 0; i < to.size(); ++i)
    to[i] += factor * from[i];
}

template<class Real>
Real inner_product(std::span<const Real> a, std::span<const Real> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), Real{0});
}

template<class Real>
grid<Real> mixed(const pass_setting<Real>& s, std::size_t layer, const grid<Real>& x, ffn_tape<Real>& tape) {
  const auto& by = s.model->layers[layer];
  const auto router = s.place(layer, site::router);
  const auto scores = apply(linear{by.router, {}}, s.at(router), x);
  tape.experts.assign(s.shape().experts, {});
  for (std::size_t row = 0; row < x.rows(); ++row)
    choose<Real>(scores.row(row), s.shape().experts_used, row, tape.experts);
  grid<Real> out(x.rows(), x.columns());
  for (std::size_t e = 0; e < tape.experts.size(); ++e) {
    auto& expert = tape.experts[e];
    if (expert.rows.empty())
      continue;
    expert.x = rows_of(x, expert.rows);
    expert.made = gated(s, by.experts[e], places_of(site_map(s.shape()), layer, e), expert.x, expert.own);
    for (std::size_t i = 0; i < expert.rows.size(); ++i)
      add_scaled<Real>(out.row(expert.rows[i]), expert.shares[i], expert.made.row(i));
  }
  return out;
}

/// What the scores of the router get, through the shares: dscore = share * (dshare - sum(share * dshare)).
template<class Real>
grid<Real> shares_backward(const ffn_tape<Real>& tape, const grid<Real>& dy) {
  grid<Real> d_scores(dy.rows(), tape.experts.size());
  std::vector<Real> sums(dy.rows());
  for (std::size_t e = 0; e < tape.experts.size(); ++e) {
    const auto& expert = tape.experts[e];
    for (std::size_t i = 0; i < expert.rows.size(); ++i) {
      const auto row = expert.rows[i];
      const Real d_share = inner_product<Real>(dy.row(row), expert.made.row(i));
      d_scores.row(row)[e] = d_share;
      sums[row] += expert.shares[i] * d_share;
    }
  }
  for (std::size_t e = 0; e < tape.experts.size(); ++e) {
    const auto& expert = tape.experts[e];
    for (std::size_t i = 0; i < expert.rows.size(); ++i) {
      auto& d = d_scores.row(expert.rows[i])[e];
      d = expert.shares[i] * (d - sums[expert.rows[i]]);
    }
  }
  return d_scores;
}

template<class Real>
grid<Real> mixed_backward(const pass_setting<Real>& s, std::size_t layer, const grid<Real>& x,
                          const ffn_tape<Real>& tape, const grid<Real>& dy, parameters<Real>& gains) {
  const auto& by = s.model->layers[layer];
  const auto router = s.place(layer, site::router);
  auto dx =
      apply_backward(linear{by.router, {}}, s.at(router), gains.pair(router), x, shares_backward(tape, dy));
  for (std::size_t e = 0; e < tape.experts.size(); ++e) {
    const auto& expert = tape.experts[e];
    if (expert.rows.empty())
      continue;
    auto d_made = rows_of(dy, expert.rows);
    for (std::size_t i = 0; i < expert.rows.size(); ++i)
      for (auto& v : d_made.row(i))
        v *= expert.shares[i];
    const auto d_own = gated_backward(s, by.experts[e], places_of(site_map(s.shape()), layer, e), expert.x,
                                      expert.own, d_made, gains);
    for (std::size_t i = 0; i < expert.rows.size(); ++i)
      add<Real>(dx.row(expert.rows[i]), d_own.row(i));
  }
  return dx;
}

} // namespace

template<class Real>
grid<Real> feed_forward(const pass_setting<Real>& s, std::size_t layer, const grid<Real>& x,
                        ffn_tape<Real>& tape) {
  if (!s.model->layers[layer].experts.empty())
    return mixed(s, layer, x, tape);
  return gated(s, s.model->layers[layer].ffn, places_of(site_map(s.shape()), layer), x, tape.dense);
}

template<class Real>
grid<Real> feed_forward_backward(const pass_setting<Real>& s, std::size_t layer, const grid<Real>& x,
                                 const ffn_tape<Real>& tape, const grid<Real>& dy, parameters<Real>& gains) {
  if (!s.model->layers[layer].experts.empty())
    return mixed_backward(s, layer, x, tape, dy, gains);
  return gated_backward(s, s.model->layers[layer].ffn, places_of(site_map(s.shape()), layer), x, tape.dense,
                        dy, gains);
}

template grid<float> feed_forward(const pass_setting<float>&, std::size_t, const grid<float>&,
                                  ffn_tape<float>&);
template grid<double> feed_forward(const pass_setting<double>&, std::size_t, const grid<double>&,
                                   ffn_tape<double>&);
template grid<float> feed_forward_backward(const pass_setting<float>&, std::size_t, const grid<float>&,
                                           const ffn_tape<float>&, const grid<float>&, parameters<float>&);
template grid<double> feed_forward_backward(const pass_setting<double>&, std::size_t, const grid<double>&,
                                            const ffn_tape<double>&, const grid<double>&,
                                            parameters<double>&);

} // namespace troupe::kernels::train
