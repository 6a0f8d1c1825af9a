#pragma once

#include "kernels/train/attention.hpp"

namespace troupe::kernels::train {

/// What a gated part keeps of its way forward.
template<class Real>
struct gated_tape {
  grid<Real> gate; // before its activation; empty without a gate
  grid<Real> up;
  grid<Real> inner; // what the down matrix gets
};

template<class Real>
struct expert_tape {
  std::vector<std::size_t> rows; // that chose it
  std::vector<Real> shares;      // what they give to it
  grid<Real> x;
  gated_tape<Real> own;
  grid<Real> made; // before the shares
};

template<class Real>
struct ffn_tape {
  gated_tape<Real> dense;
  std::vector<expert_tape<Real>> experts;
};

template<class Real>
grid<Real> feed_forward(const pass_setting<Real>& s, std::size_t layer, const grid<Real>& x,
                        ffn_tape<Real>& tape);
template<class Real>
grid<Real> feed_forward_backward(const pass_setting<Real>& s, std::size_t layer, const grid<Real>& x,
                                 const ffn_tape<Real>& tape, const grid<Real>& dy, parameters<Real>& gains);

} // namespace troupe::kernels::train
