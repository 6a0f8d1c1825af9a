#pragma once

#include "kernels/model/weights.hpp"
#include "kernels/train/grid.hpp"

namespace troupe::kernels::train {

/// RMSNorm, or LayerNorm if there is a shift, of each row.
template<class Real>
grid<Real> normalised(const norm_weights& by, double epsilon, const grid<Real>& x);

/// dx from dy; the norm itself stays.
template<class Real>
grid<Real> normalised_backward(const norm_weights& by, double epsilon, const grid<Real>& x,
                               const grid<Real>& dy);

/// RMSNorm of one run of numbers, in place, and its way back: dy becomes dx.
template<class Real>
void normalise_run(std::span<const float> scale, double epsilon, std::span<Real> x);
template<class Real>
void normalise_run_backward(std::span<const float> scale, double epsilon, std::span<const Real> x,
                            std::span<Real> dy);

} // namespace troupe::kernels::train
