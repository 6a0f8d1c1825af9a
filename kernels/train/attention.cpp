#include "kernels/train/attention.hpp"

#include "kernels/train/norm.hpp"

#include <algorithm>
#include <cmath>

namespace troupe::kernels::train {

namespace {

/// Queries that are weighed at a time: their shares over all earlier positions are the largest thing that
/// attention holds.
constexpr std::size_t query_block = 128;

template<class Real>
void turn_forward(std::span<Real> head, const rope_angles& by) {
  const auto half = by.cosines.size();
  for (std::size_t i = 0; i < half; ++i) {
    const auto c = static_cast<Real>(by.cosines[i]), s = static_cast<Real>(by.sines[i]);
    const Real a = head[i], b = head[i + half];
    head[i] = a * c - b * s;
    head[i + half] = b * c + a * s;
  }
}

/// The transpose of turning: back by the same angle.
template<class Real>
void turn_backward(std::span<Real> head, const rope_angles& by) {
  const auto half = by.cosines.size();
  for (std::size_t i = 0; i < half; ++i) {
    const auto c = static_cast<Real>(by.cosines[i]), s = static_cast<Real>(by.sines[i]);
    const Real a = head[i], b = head[i + half];
    head[i] = a * c + b * s;
    head[i + half] = b * c - a * s;
  }
}

/// Visits each head of each row with the angles of its position.
template<class Real, class Visit>
void for_each_head(const pass_setting<Real>& s, std::uint32_t heads, const Visit& visit) {
  for (const auto& text : s.texts)
    for (std::size_t row = text.begin; row < text.end; ++row)
      for (std::uint32_t head = 0; head < heads; ++head)
        visit(row, std::size_t{head} * s.shape().head_size, s.angles[row - text.begin]);
}

template<class Real>
void prepare(const pass_setting<Real>& s, std::uint32_t heads, std::span<const float> norm, grid<Real>& of,
             grid<Real>& before) {
  if (!norm.empty())
    before = of;
  for_each_head(s, heads, [&](std::size_t row, std::size_t offset, const rope_angles& by) {
    const auto head = of.row(row).subspan(offset, s.shape().head_size);
    if (!norm.empty())
      normalise_run<Real>(norm, s.shape().norm_epsilon, head);
    turn_forward<Real>(head, by);
  });
}

template<class Real>
void prepare_backward(const pass_setting<Real>& s, std::uint32_t heads, std::span<const float> norm,
                      const grid<Real>& before, grid<Real>& d) {
  for_each_head(s, heads, [&](std::size_t row, std::size_t offset, const rope_angles& by) {
    const auto head = d.row(row).subspan(offset, s.shape().head_size);
    turn_backward<Real>(head, by);
    if (!norm.empty())
      normalise_run_backward<Real>(norm, s.shape().norm_epsilon,
                                   before.row(row).subspan(offset, s.shape().head_size), head);
  });
}

/// Some queries of one head of one text, and the positions that any of them sees.
struct window_of {
  std::size_t begin; // rows of the queries
  std::size_t end;
  std::size_t first; // row of the first key
  std::size_t query_column;
  std::size_t key_column;
};

template<class Real, class Visit>
void for_each_window(const pass_setting<Real>& s, std::size_t layer, const Visit& visit) {
  const auto& shape = s.shape();
  const std::size_t seen = shape.windows[layer];
  const auto group = shape.heads / shape.kv_heads;
  for (const auto& text : s.texts)
    for (std::size_t begin = text.begin; begin < text.end; begin += query_block) {
      const auto end = std::min(begin + query_block, text.end);
      const auto first = seen > 0 && begin + 1 > text.begin + seen ? begin + 1 - seen : text.begin;
      for (std::uint32_t head = 0; head < shape.heads; ++head)
        visit(window_of{begin, end, first, std::size_t{head} * shape.head_size,
                        std::size_t{head / group} * shape.head_size});
    }
}

/// The shares that each query of a window gives to each key.
template<class Real>
grid<Real> shares_of(const pass_setting<Real>& s, std::size_t layer, const window_of& w,
                     const attention_tape<Real>& tape) {
  const std::size_t size = s.shape().head_size;
  const auto scale = 1 / std::sqrt(static_cast<Real>(size));
  const std::size_t seen = s.shape().windows[layer];
  grid<Real> shares(w.end - w.begin, w.end - w.first);
  s.multiply.add(scale, tape.query.all().part(w.begin, w.end - w.begin, w.query_column, size), turned::no,
                 tape.key.all().part(w.first, w.end - w.first, w.key_column, size), turned::yes, 0,
                 shares.all());
  for (std::size_t q = w.begin; q < w.end; ++q) {
    const auto row = shares.row(q - w.begin);
    const auto last = q - w.first;
    const auto first = seen > 0 && q + 1 > w.first + seen ? q + 1 - seen - w.first : 0;
    const auto visible = row.subspan(first, last + 1 - first);
    const Real largest = *std::ranges::max_element(visible);
    Real sum = 0;
    for (auto& v : visible)
      sum += v = std::exp(v - largest);
    for (auto& v : visible)
      v /= sum;
    std::ranges::fill(row.first(first), Real{0});
    std::ranges::fill(row.subspan(last + 1), Real{0});
  }
  return shares;
}

/// dS = P * (dP - sum(dP * P)), row by row, in place of dP.
template<class Real>
void softmax_backward(const grid<Real>& shares, grid<Real>& d) {
  for (std::size_t row = 0; row < d.rows(); ++row) {
    const auto p = shares.row(row);
    const auto g = d.row(row);
    Real sum = 0;
    for (std::size_t i = 0; i < g.size(); ++i)
      sum += p[i] * g[i];
    for (std::size_t i = 0; i < g.size(); ++i)
      g[i] = p[i] * (g[i] - sum);
  }
}

template<class Real>
struct projections {
  grid<Real> query;
  grid<Real> key;
  grid<Real> value;
};

template<class Real>
projections<Real> weigh_backward(const pass_setting<Real>& s, std::size_t layer,
                                 const attention_tape<Real>& tape, const grid<Real>& d_mixed) {
  const std::size_t size = s.shape().head_size;
  const auto scale = 1 / std::sqrt(static_cast<Real>(size));
  projections<Real> d{grid<Real>(tape.query.rows(), tape.query.columns()),
                      grid<Real>(tape.key.rows(), tape.key.columns()),
                      grid<Real>(tape.value.rows(), tape.value.columns())};
  for_each_window(s, layer, [&](const window_of& w) {
    const auto queries = w.end - w.begin, keys = w.end - w.first;
    const auto shares = shares_of(s, layer, w, tape);
    const auto d_out = d_mixed.all().part(w.begin, queries, w.query_column, size);
    s.multiply.add(1, shares.all(), turned::yes, d_out, turned::no, 1,
                   d.value.all().part(w.first, keys, w.key_column, size));
    grid<Real> d_scores(queries, keys);
    s.multiply.add(1, d_out, turned::no, tape.value.all().part(w.first, keys, w.key_column, size),
                   turned::yes, 0, d_scores.all());
    softmax_backward(shares, d_scores);
    s.multiply.add(scale, d_scores.all(), turned::no, tape.key.all().part(w.first, keys, w.key_column, size),
                   turned::no, 1, d.query.all().part(w.begin, queries, w.query_column, size));
    s.multiply.add(scale, d_scores.all(), turned::yes,
                   tape.query.all().part(w.begin, queries, w.query_column, size), turned::no, 1,
                   d.key.all().part(w.first, keys, w.key_column, size));
  });
  return d;
}

} // namespace

template<class Real>
grid<Real> attention(const pass_setting<Real>& s, std::size_t layer, const grid<Real>& x,
                     attention_tape<Real>& tape) {
  const auto& by = s.model->layers[layer];
  const auto project = [&](const linear& matrix, site which) {
    return apply(matrix, s.at(s.place(layer, which)), x);
  };
  tape.query = project(by.query, site::query);
  tape.key = project(by.key, site::key);
  tape.value = project(by.value, site::value);
  prepare<Real>(s, s.shape().heads, by.query_norm, tape.query, tape.query_before);
  prepare<Real>(s, s.shape().kv_heads, by.key_norm, tape.key, tape.key_before);
  tape.mixed = grid<Real>(x.rows(), s.shape().query_width());
  const std::size_t size = s.shape().head_size;
  for_each_window(s, layer, [&](const window_of& w) {
    const auto shares = shares_of(s, layer, w, tape);
    s.multiply.add(1, shares.all(), turned::no,
                   std::as_const(tape.value).all().part(w.first, w.end - w.first, w.key_column, size),
                   turned::no, 0, tape.mixed.all().part(w.begin, w.end - w.begin, w.query_column, size));
  });
  return apply(by.output, s.at(s.place(layer, site::output)), tape.mixed);
}

template<class Real>
grid<Real> attention_backward(const pass_setting<Real>& s, std::size_t layer, const grid<Real>& x,
                              const attention_tape<Real>& tape, const grid<Real>& dy,
                              parameters<Real>& gains) {
  const auto& by = s.model->layers[layer];
  const auto back = [&](const linear& matrix, site which, const grid<Real>& into, const grid<Real>& d) {
    const auto place = s.place(layer, which);
    return apply_backward(matrix, s.at(place), gains.pair(place), into, d);
  };
  auto d = weigh_backward(s, layer, tape, back(by.output, site::output, tape.mixed, dy));
  prepare_backward<Real>(s, s.shape().heads, by.query_norm, tape.query_before, d.query);
  prepare_backward<Real>(s, s.shape().kv_heads, by.key_norm, tape.key_before, d.key);
  auto dx = back(by.query, site::query, x, d.query);
  add<Real>(dx.values(), back(by.key, site::key, x, d.key).values());
  add<Real>(dx.values(), back(by.value, site::value, x, d.value).values());
  return dx;
}

template grid<float> attention(const pass_setting<float>&, std::size_t, const grid<float>&,
                               attention_tape<float>&);
template grid<double> attention(const pass_setting<double>&, std::size_t, const grid<double>&,
                                attention_tape<double>&);
template grid<float> attention_backward(const pass_setting<float>&, std::size_t, const grid<float>&,
                                        const attention_tape<float>&, const grid<float>&, parameters<float>&);
template grid<double> attention_backward(const pass_setting<double>&, std::size_t, const grid<double>&,
                                         const attention_tape<double>&, const grid<double>&,
                                         parameters<double>&);

} // namespace troupe::kernels::train
