#pragma once

#include "kernels/model/rope.hpp"
#include "kernels/train/linear.hpp"

#include <vector>

namespace troupe::kernels::train {

/// The rows of one text among those of a batch; its first token has position 0.
struct text_rows {
  std::size_t begin;
  std::size_t end;
};

/// What all layers of a pass share.
template<class Real>
struct pass_setting {
  const model_weights* model = nullptr;
  const parameters<Real>* with = nullptr; // null: the base alone
  dropout drop;
  products multiply;
  std::vector<text_rows> texts;
  std::vector<rope_angles> angles; // by position

  const model_shape& shape() const { return model->shape; }
  adapting<Real> at(std::size_t place) const {
    return {with ? &with->pair(place) : nullptr, place, &drop, &multiply};
  }
  std::size_t place(std::size_t layer, site which) const { return site_map(shape()).at(layer, which); }
};

/// What attention keeps of its way forward.
template<class Real>
struct attention_tape {
  grid<Real> query_before; // before its norm, where the model has one
  grid<Real> key_before;
  grid<Real> query; // turned
  grid<Real> key;
  grid<Real> value;
  grid<Real> mixed; // what the output matrix gets
};

template<class Real>
grid<Real> attention(const pass_setting<Real>& s, std::size_t layer, const grid<Real>& x,
                     attention_tape<Real>& tape);
template<class Real>
grid<Real> attention_backward(const pass_setting<Real>& s, std::size_t layer, const grid<Real>& x,
                              const attention_tape<Real>& tape, const grid<Real>& dy,
                              parameters<Real>& gains);

} // namespace troupe::kernels::train
