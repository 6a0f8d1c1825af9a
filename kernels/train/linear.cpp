#include "kernels/train/linear.hpp"

#include "kernels/train/frozen.hpp"

namespace troupe::kernels::train {

namespace {

/// A well mixed number for a counter (the finisher of SplitMix64): each place has its own, whatever the
/// order.
std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  return x ^ (x >> 31);
}

template<class Real>
block<const Real> down_of(const low_rank<Real>& pair) {
  return {pair.down.data(), pair.rank, pair.columns, pair.columns};
}

template<class Real>
block<const Real> up_of(const low_rank<Real>& pair) {
  return {pair.up.data(), pair.rows, pair.rank, pair.rank};
}

/// Zeroes some numbers and scales the others up, or does the same to what comes back to them.
template<class Real>
void drop(const adapting<Real>& how, std::span<Real> values) {
  if (how.drop->share <= 0)
    return;
  const auto stream = mixed(mixed(how.drop->seed ^ mixed(how.drop->step)) ^ how.place);
  const auto kept = static_cast<Real>(1 / (1 - how.drop->share));
  const auto border = static_cast<std::uint64_t>(how.drop->share * 0x1p53);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = (mixed(stream ^ i) >> 11) < border ? Real{0} : values[i] * kept;
}

template<class Real>
grid<Real> hidden_of(const adapting<Real>& how, const grid<Real>& x) {
  grid<Real> hidden(x.rows(), how.pair->rank);
  how.multiply->add(1, x.all(), turned::no, down_of(*how.pair), turned::yes, 0, hidden.all());
  return hidden;
}

/// x as the adapter sees it: itself, or a copy with numbers dropped.
template<class Real>
const grid<Real>& seen_by(const adapting<Real>& how, const grid<Real>& x, grid<Real>& copy) {
  if (how.drop->share <= 0)
    return x;
  copy = x;
  drop<Real>(how, copy.values());
  return copy;
}

} // namespace

template<class Real>
grid<Real> apply(const linear& by, const adapting<Real>& how, const grid<Real>& x) {
  grid<Real> y(x.rows(), by.weight.rows());
  for_each_panel<Real>(by.weight, [&](std::size_t first, block<const Real> panel) {
    how.multiply->add(1, x.all(), turned::no, panel, turned::yes, 0,
                      y.all().part(0, y.rows(), first, panel.rows));
  });
  if (!by.bias.empty())
    for (std::size_t row = 0; row < y.rows(); ++row)
      for (std::size_t i = 0; i < y.columns(); ++i)
        y.row(row)[i] += static_cast<Real>(by.bias[i]);
  if (!how.adapts())
    return y;
  grid<Real> copy;
  const auto hidden = hidden_of(how, seen_by(how, x, copy));
  how.multiply->add(how.pair->scale, hidden.all(), turned::no, up_of(*how.pair), turned::yes, 1, y.all());
  return y;
}

template<class Real>
grid<Real> apply_backward(const linear& by, const adapting<Real>& how, low_rank<Real>& gain,
                          const grid<Real>& x, const grid<Real>& dy) {
  const auto& multiply = *how.multiply;
  grid<Real> dx(x.rows(), x.columns());
  for_each_panel<Real>(by.weight, [&](std::size_t first, block<const Real> panel) {
    multiply.add(1, dy.all().part(0, dy.rows(), first, panel.rows), turned::no, panel, turned::no, 1,
                 dx.all());
  });
  if (!how.adapts())
    return dx;
  const auto& pair = *how.pair;
  grid<Real> copy;
  const auto& seen = seen_by(how, x, copy);
  const auto hidden = hidden_of(how, seen);
  grid<Real> d_hidden(x.rows(), pair.rank);
  multiply.add(pair.scale, dy.all(), turned::no, up_of(pair), turned::no, 0, d_hidden.all());
  multiply.add(pair.scale, dy.all(), turned::yes, hidden.all(), turned::no, 1,
               block<Real>{gain.up.data(), gain.rows, gain.rank, gain.rank});
  multiply.add(1, d_hidden.all(), turned::yes, seen.all(), turned::no, 1,
               block<Real>{gain.down.data(), gain.rank, gain.columns, gain.columns});
  grid<Real> d_seen(x.rows(), x.columns());
  multiply.add(1, d_hidden.all(), turned::no, down_of(pair), turned::no, 0, d_seen.all());
  drop<Real>(how, d_seen.values());
  add<Real>(dx.values(), d_seen.values());
  return dx;
}

template grid<float> apply(const linear&, const adapting<float>&, const grid<float>&);
template grid<double> apply(const linear&, const adapting<double>&, const grid<double>&);
template grid<float> apply_backward(const linear&, const adapting<float>&, low_rank<float>&,
                                    const grid<float>&, const grid<float>&);
template grid<double> apply_backward(const linear&, const adapting<double>&, low_rank<double>&,
                                     const grid<double>&, const grid<double>&);

} // namespace troupe::kernels::train
