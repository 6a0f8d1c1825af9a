#include "kernels/train/loss.hpp"

#include "kernels/base/result.hpp"

#include <cmath>
#include <numeric>

namespace troupe::kernels::train {

namespace {

template<class Real>
Real sigmoid(Real x) {
  return 1 / (1 + std::exp(-x));
}

/// -log sigmoid(x), also where exp(-x) would overflow.
template<class Real>
Real soft_plus(Real minus_x) {
  return minus_x > 0 ? minus_x + std::log1p(std::exp(-minus_x)) : std::log1p(std::exp(minus_x));
}

template<class Real>
std::vector<Real> same_slope(std::size_t count, Real slope) {
  return std::vector<Real>(count, slope);
}

} // namespace

template<class Real>
Real sum_of(std::span<const Real> scores) {
  return std::accumulate(scores.begin(), scores.end(), Real{0});
}

template<class Real>
loss_of<Real> supervised_loss(const text_scores<Real>& scores, std::size_t tokens) {
  loss_of<Real> made;
  const auto slope = -1 / static_cast<Real>(tokens);
  for (const auto& text : scores) {
    made.value += slope * sum_of<Real>(text);
    made.slopes.push_back(same_slope(text.size(), slope));
  }
  return made;
}

template<class Real>
loss_of<Real> preference_loss(const text_scores<Real>& scores, const text_scores<Real>& reference,
                              Real beta) {
  ensure(scores.size() == 2 && reference.size() == 2, "a preference has a chosen and a rejected text");
  const Real chosen = sum_of<Real>(scores[0]) - sum_of<Real>(reference[0]);
  const Real rejected = sum_of<Real>(scores[1]) - sum_of<Real>(reference[1]);
  const Real lead = beta * (chosen - rejected);
  const Real slope = -beta * sigmoid(-lead);
  return {soft_plus(-lead), {same_slope(scores[0].size(), slope), same_slope(scores[1].size(), -slope)}};
}

template<class Real>
loss_of<Real> thumbs_loss(const text_scores<Real>& scores, const text_scores<Real>& reference,
                          const std::vector<bool>& good, Real beta, Real kl) {
  ensure(scores.size() == reference.size() && scores.size() == good.size(), "each text has a verdict");
  loss_of<Real> made;
  const auto count = static_cast<Real>(scores.size());
  for (std::size_t i = 0; i < scores.size(); ++i) {
    const Real beyond = sum_of<Real>(scores[i]) - sum_of<Real>(reference[i]) - kl;
    const Real direction = good[i] ? 1 : -1;
    const Real liked = sigmoid(beta * direction * beyond);
    made.value += (1 - liked) / count;
    made.slopes.push_back(same_slope(scores[i].size(), -beta * direction * liked * (1 - liked) / count));
  }
  return made;
}

template float sum_of(std::span<const float>);
template double sum_of(std::span<const double>);
template loss_of<float> supervised_loss(const text_scores<float>&, std::size_t);
template loss_of<double> supervised_loss(const text_scores<double>&, std::size_t);
template loss_of<float> preference_loss(const text_scores<float>&, const text_scores<float>&, float);
template loss_of<double> preference_loss(const text_scores<double>&, const text_scores<double>&, double);
template loss_of<float> thumbs_loss(const text_scores<float>&, const text_scores<float>&,
                                    const std::vector<bool>&, float, float);
template loss_of<double> thumbs_loss(const text_scores<double>&, const text_scores<double>&,
                                     const std::vector<bool>&, double, double);

} // namespace troupe::kernels::train
