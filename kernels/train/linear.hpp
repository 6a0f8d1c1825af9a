#pragma once

#include "kernels/model/weights.hpp"
#include "kernels/train/grid.hpp"
#include "kernels/train/parameters.hpp"
#include "kernels/train/product.hpp"

#include <cstdint>

namespace troupe::kernels::train {

/// Zeroes a share of what goes into the adapters, the others scaled up. Which numbers are zero follows from
/// seed, step and place alone, so a layer that is computed a second time drops the same ones.
struct dropout {
  double share = 0;
  std::uint64_t seed = 0;
  std::uint64_t step = 0;
};

/// How a matrix is adapted: by which pair, null for none, of which number, and with what its products are
/// made.
template<class Real>
struct adapting {
  const low_rank<Real>* pair = nullptr;
  std::size_t place = 0;
  const dropout* drop = nullptr;
  const products* multiply = nullptr;

  bool adapts() const { return pair != nullptr && pair->rank > 0; }
};

/// y = W x + bias, plus scale * B (A x) if there is a pair.
template<class Real>
grid<Real> apply(const linear& by, const adapting<Real>& how, const grid<Real>& x);

/// From dy: adds to what A and B gain and returns dx.
template<class Real>
grid<Real> apply_backward(const linear& by, const adapting<Real>& how, low_rank<Real>& gain,
                          const grid<Real>& x, const grid<Real>& dy);

extern template grid<float> apply(const linear&, const adapting<float>&, const grid<float>&);
extern template grid<double> apply(const linear&, const adapting<double>&, const grid<double>&);
extern template grid<float> apply_backward(const linear&, const adapting<float>&, low_rank<float>&,
                                           const grid<float>&, const grid<float>&);
extern template grid<double> apply_backward(const linear&, const adapting<double>&, low_rank<double>&,
                                            const grid<double>&, const grid<double>&);

} // namespace troupe::kernels::train
