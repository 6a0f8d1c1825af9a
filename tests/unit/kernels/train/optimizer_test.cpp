// AdamW, clipping, the rates of a schedule, and the losses at their limits.
#include "kernels/adapters/slots.hpp"
#include "kernels/train/loss.hpp"
#include "kernels/train/optimizer.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>

namespace troupe::kernels::train {

namespace {

parameters<float> one_pair(float value) {
  model_shape shape;
  shape.layers = 1;
  shape.width = 2;
  auto with = empty_adapter("one", shape);
  with.layers[0].query = {1, 2, 2, 1, {value, value}, {value, value}};
  return parameters<float>(with, shape, false);
}

} // namespace

BOOST_AUTO_TEST_SUITE(optimizer)

BOOST_AUTO_TEST_CASE(the_first_step_is_the_rate_against_the_gain) {
  auto values = one_pair(1), gains = one_pair(0.25f);
  adamw by(values, {});
  by.step(values, gains, 0.1);
  BOOST_TEST(values.pair(0).down[0] == 0.9f, boost::test_tools::tolerance(1e-5f));
}

BOOST_AUTO_TEST_CASE(decay_pulls_without_any_gain) {
  auto values = one_pair(1), gains = one_pair(0);
  adamw_settings settings;
  settings.weight_decay = 0.5;
  adamw by(values, settings);
  by.step(values, gains, 0.1);
  BOOST_TEST(values.pair(0).up[1] == 0.95f, boost::test_tools::tolerance(1e-6f));
}

BOOST_AUTO_TEST_CASE(gains_beyond_the_limit_are_scaled_to_it) {
  auto gains = one_pair(3);
  clip(gains, norm_of(gains), 1);
  BOOST_TEST(norm_of(gains) == 1, boost::test_tools::tolerance(1e-5));
}

BOOST_AUTO_TEST_CASE(gains_within_the_limit_stay) {
  auto gains = one_pair(0.25f);
  clip(gains, norm_of(gains), 1);
  BOOST_TEST(gains.pair(0).down[0] == 0.25f);
}

BOOST_AUTO_TEST_CASE(rates_rise_then_fall_to_their_floor) {
  const rate_schedule schedule{1, 4, 12, 0.1};
  BOOST_TEST(schedule.at(0) == 0.25);
  BOOST_TEST(schedule.at(4) == 1);
  BOOST_TEST(schedule.at(8) == 0.55, boost::test_tools::tolerance(1e-12));
  BOOST_TEST(schedule.at(99) == 0.1, boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(a_preference_far_off_does_not_overflow) {
  const auto loss = preference_loss<float>({{-5000}, {0}}, {{0}, {0}}, 1);
  BOOST_TEST(loss.value == 5000.0f);
  BOOST_TEST(loss.slopes[0][0] == -1.0f);
}

BOOST_AUTO_TEST_CASE(a_verdict_beyond_doubt_teaches_nothing) {
  const auto loss = thumbs_loss<double>({{5000}}, {{0}}, {true}, 1, 0);
  BOOST_TEST(loss.value == 0);
  BOOST_TEST(loss.slopes[0][0] == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace troupe::kernels::train
