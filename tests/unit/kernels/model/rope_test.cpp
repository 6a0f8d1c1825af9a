// Expected figures follow the published formulas, worked out beside the code.
#include "kernels/model/rope.hpp"

#include <cmath>

namespace {

using namespace troupe::kernels;

rope_settings settings(rope_kind kind) {
  rope_settings rope;
  rope.kind = kind;
  rope.theta = 10'000;
  rope.dimensions = 8;
  rope.factor = 4;
  rope.original_context = 64;
  return rope;
}

bool near(const std::vector<float>& ours, const std::vector<float>& wanted) {
  return std::ranges::equal(ours, wanted,
                            [](float a, float b) { return std::fabs(a - b) <= 1e-6f * std::fabs(b); });
}

} // namespace

BOOST_AUTO_TEST_SUITE(positions)

BOOST_AUTO_TEST_CASE(plain_frequencies_fall_by_powers_of_theta) {
  BOOST_TEST(near(rope_frequencies(settings(rope_kind::plain)), {1, 0.1f, 0.01f, 0.001f}));
}

BOOST_AUTO_TEST_CASE(linear_divides_all) {
  BOOST_TEST(near(rope_frequencies(settings(rope_kind::linear)), {0.25f, 0.025f, 0.0025f, 0.00025f}));
}

BOOST_AUTO_TEST_CASE(llama3_keeps_quick_ones_stretches_slow_ones_and_mixes_between) {
  // Wavelengths 6.28, 62.8, 628, 6283 against bounds of 16 and 64: quick, between (smooth 0.00617), slow,
  // slow.
  const double smooth = (64 / (2 * M_PI / 0.1) - 1) / 3;
  const auto mixed = static_cast<float>((1 - smooth) * 0.1 / 4 + smooth * 0.1);
  BOOST_TEST(near(rope_frequencies(settings(rope_kind::llama3)), {1, mixed, 0.0025f, 0.00025f}));
}

BOOST_AUTO_TEST_CASE(yarn_mixes_along_a_ramp_of_dimensions) {
  // Dimensions of 32 and 1 turns: 8 ln(64 / (t 2 pi)) / (2 ln 10000) = -0.497 and 1.008; truncated and
  // clamped 0 and 2.
  const auto rope = rope_frequencies(settings(rope_kind::yarn));
  BOOST_TEST(near(rope, {1, 0.1f / 4 * 0.5f + 0.1f * 0.5f, 0.0025f, 0.00025f}));
}

BOOST_AUTO_TEST_CASE(yarn_may_begin_between_dimensions) {
  auto rope = settings(rope_kind::yarn);
  rope.truncate = false;
  const double high = 8 * std::log(64 / (2 * M_PI)) / (2 * std::log(10'000.0));
  const double share = 1 / high;
  BOOST_TEST(near({rope_frequencies(rope)[1]}, {static_cast<float>(0.1 / 4 * share + 0.1 * (1 - share))}));
}

BOOST_AUTO_TEST_CASE(listed_divisors_divide) {
  auto rope = settings(rope_kind::plain);
  rope.divisors = {1, 2, 4, 8};
  BOOST_TEST(near(rope_frequencies(rope), {1, 0.05f, 0.0025f, 0.000125f}));
}

BOOST_AUTO_TEST_CASE(a_head_turns_by_its_position_and_keeps_its_rest) {
  const std::vector<float> frequencies{0.5f};
  std::vector<float> head{1, 0, 7};
  turn(head, angles_at(frequencies, 2, 3));
  BOOST_TEST(near(head, {2 * std::cos(1.5f), 2 * std::sin(1.5f), 7}));
}

BOOST_AUTO_TEST_SUITE_END()
