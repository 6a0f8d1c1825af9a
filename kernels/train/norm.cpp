#include "kernels/train/norm.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace troupe::kernels::train {

namespace {

template<class Real>
struct measured {
  Real mean = 0;
  Real inverse = 0; // of the deviation
};

template<class Real>
measured<Real> measure(bool centred, double epsilon, std::span<const Real> x) {
  const auto count = static_cast<Real>(x.size());
  measured<Real> m;
  if (centred) {
    for (const Real v : x)
      m.mean += v;
    m.mean /= count;
  }
  Real square = 0;
  for (const Real v : x)
    square += (v - m.mean) * (v - m.mean);
  m.inverse = 1 / std::sqrt(square / count + static_cast<Real>(epsilon));
  return m;
}

template<class Real>
void run(std::span<const float> scale, std::span<const float> shift, double epsilon, std::span<const Real> x,
         std::span<Real> y) {
  const auto m = measure(!shift.empty(), epsilon, x);
  for (std::size_t i = 0; i < x.size(); ++i)
    y[i] = (x[i] - m.mean) * m.inverse * static_cast<Real>(scale[i]) +
           (shift.empty() ? Real{0} : static_cast<Real>(shift[i]));
}

/// With z = (x - mean) * inverse and g = dy * scale: dx = inverse * (g - z * mean(g z) - mean(g)), the last
/// term only where the mean was taken off.
template<class Real>
void run_backward(std::span<const float> scale, bool centred, double epsilon, std::span<const Real> x,
                  std::span<const Real> dy, std::span<Real> dx) {
  const auto m = measure(centred, epsilon, x);
  const auto count = static_cast<Real>(x.size());
  Real along = 0, sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Real g = dy[i] * static_cast<Real>(scale[i]);
    along += g * (x[i] - m.mean) * m.inverse;
    sum += g;
  }
  along /= count;
  sum = centred ? sum / count : Real{0};
  for (std::size_t i = 0; i < x.size(); ++i) {
    const Real g = dy[i] * static_cast<Real>(scale[i]);
    dx[i] = m.inverse * (g - (x[i] - m.mean) * m.inverse * along - sum);
  }
}

} // namespace

template<class Real>
grid<Real> normalised(const norm_weights& by, double epsilon, const grid<Real>& x) {
  grid<Real> y(x.rows(), x.columns());
  for (std::size_t row = 0; row < x.rows(); ++row)
    run<Real>(by.scale, by.shift, epsilon, x.row(row), y.row(row));
  return y;
}

template<class Real>
grid<Real> normalised_backward(const norm_weights& by, double epsilon, const grid<Real>& x,
                               const grid<Real>& dy) {
  grid<Real> dx(x.rows(), x.columns());
  for (std::size_t row = 0; row < x.rows(); ++row)
    run_backward<Real>(by.scale, !by.shift.empty(), epsilon, x.row(row), dy.row(row), dx.row(row));
  return dx;
}

template<class Real>
void normalise_run(std::span<const float> scale, double epsilon, std::span<Real> x) {
  run<Real>(scale, {}, epsilon, x, x);
}

template<class Real>
void normalise_run_backward(std::span<const float> scale, double epsilon, std::span<const Real> x,
                            std::span<Real> dy) {
  run_backward<Real>(scale, false, epsilon, x, dy, dy);
}

template grid<float> normalised(const norm_weights&, double, const grid<float>&);
template grid<double> normalised(const norm_weights&, double, const grid<double>&);
template grid<float> normalised_backward(const norm_weights&, double, const grid<float>&, const grid<float>&);
template grid<double> normalised_backward(const norm_weights&, double, const grid<double>&,
                                          const grid<double>&);
template void normalise_run(std::span<const float>, double, std::span<float>);
template void normalise_run(std::span<const float>, double, std::span<double>);
template void normalise_run_backward(std::span<const float>, double, std::span<const float>,
                                     std::span<float>);
template void normalise_run_backward(std::span<const float>, double, std::span<const double>,
                                     std::span<double>);

} // namespace troupe::kernels::train
