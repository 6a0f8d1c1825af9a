#pragma once

#include <span>
#include <vector>

namespace troupe::kernels::train {

template<class Real>
using text_scores = std::vector<std::vector<Real>>; // log-probabilities of the scored tokens, text after text

/// A loss, and how much it gains with each log-probability.
template<class Real>
struct loss_of {
  Real value = 0;
  text_scores<Real> slopes;
};

/// The mean cross-entropy over all scored tokens. `tokens`: how many there are in the whole step, of which
/// these scores may be a part; then the losses of the parts add up.
template<class Real>
loss_of<Real> supervised_loss(const text_scores<Real>& scores, std::size_t tokens);

/// One pair: -log sigmoid(beta * ((chosen - its reference) - (rejected - its reference))), of sums over the
/// scored tokens. `scores` are those of the chosen and of the rejected text.
template<class Real>
loss_of<Real> preference_loss(const text_scores<Real>& scores, const text_scores<Real>& reference, Real beta);

/// The mean of 1 - sigmoid(beta * (ratio - kl)) for good texts and 1 - sigmoid(beta * (kl - ratio)) for bad
/// ones, where ratio is a text's sum of log-probabilities beyond its reference's. `kl` has no slope.
template<class Real>
loss_of<Real> thumbs_loss(const text_scores<Real>& scores, const text_scores<Real>& reference,
                          const std::vector<bool>& good, Real beta, Real kl);

/// The sum of a text's log-probabilities.
template<class Real>
Real sum_of(std::span<const Real> scores);

} // namespace troupe::kernels::train
