// Norms, activations, products of bytes and draws under the emulator, against plain sums in double.
#include "kernels/cuda/int8_product.cuh"
#include "kernels/cuda/layer.cuh"
#include "kernels/cuda/sampling.cuh"
#include "tests/kernels/draws.hpp"
#include "tests/kernels/emulator/grid.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace troupe::kernels::cuda {

namespace {

namespace data = boost::unit_test::data;

constexpr std::uint32_t rows = 3;
constexpr double one_bf16 = 4e-3; // rounding to bf16, of the largest

struct norm_rig {
  std::uint32_t width;
  std::uint32_t count = rows;
  std::vector<float> x, scale, shift;
  std::vector<bf16> y;

  explicit norm_rig(std::uint32_t w)
      : width(w)
      , y(std::size_t{rows} * w) {
    draws from(w);
    x = from.floats(std::size_t{rows} * w, 2);
    scale = from.floats(w, 1);
    shift = from.floats(w, 1);
  }

  emulated run(bool centred, const emulation& how) {
    const norm_launch n{x.data(), scale.data(), centred ? shift.data() : nullptr, y.data(), width,
                        1e-5f,    &count};
    return launch({rows + 2}, layer_threads, how, [n] { normalise(n); });
  }

  double worst(bool centred) const {
    double off = 0;
    for (std::size_t row = 0; row < rows; ++row) {
      const auto own = std::span(x).subspan(row * width, width);
      double mean = 0, square = 0;
      for (const float v : own)
        mean += centred ? value(v) / width : 0;
      for (const float v : own)
        square += (value(v) - mean) * (value(v) - mean) / width;
      for (std::size_t i = 0; i < width; ++i) {
        const double wanted = (value(own[i]) - mean) / std::sqrt(square + 1e-5) * value(scale[i]) +
                              (centred ? value(shift[i]) : 0);
        off = std::max(off, share_of(wanted, value(y[row * width + i]), 2));
      }
    }
    return off;
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(layer_kernels)

BOOST_DATA_TEST_CASE(rows_are_normalised, data::make({8u, 128u, 333u, 1024u}) * data::make({false, true}),
                     width, centred) {
  norm_rig rig(width);
  rig.run(centred, {});
  BOOST_TEST(rig.worst(centred) <= one_bf16);
}

BOOST_AUTO_TEST_CASE(each_barrier_of_a_norm_is_needed) {
  const auto seen = [](unsigned barrier) {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
      norm_rig rig(333);
      rig.run(true, {.seed = seed, .forget_barrier = barrier});
      if (!(rig.worst(true) <= one_bf16))
        return true;
    }
    return false;
  };
  norm_rig whole(333);
  BOOST_TEST(whole.run(true, {}).barriers == 4u);
  BOOST_TEST(seen(0));
  BOOST_TEST(seen(1));
  BOOST_TEST(seen(2)); // the fourth only guards a scratch that nobody uses again
}

BOOST_DATA_TEST_CASE(gates_open_and_close, data::make({true, false}), gated) {
  constexpr std::uint32_t width = 700;
  draws from(4);
  const auto gate = from.floats(rows * width, 6), up = from.floats(rows * width, 3);
  std::vector<bf16> y(rows * width);
  const std::uint32_t count = rows;
  const gate_launch g{gated ? gate.data() : nullptr, up.data(), y.data(), width, &count};
  launch({2, rows + 1}, layer_threads, {}, [g] { activate(g); });
  double worst = 0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double u = value(up[i]), v = value(gate[i]);
    const double gelu = 0.5 * u * (1 + std::tanh(std::sqrt(2 / M_PI) * (u + 0.044715 * u * u * u)));
    worst = std::max(worst, share_of(gated ? u * v / (1 + std::exp(-v)) : gelu, value(y[i]), 18));
  }
  BOOST_TEST(worst <= one_bf16);
}

BOOST_DATA_TEST_CASE(bytes_times_rows_are_sums_of_blocks,
                     data::make({32u, 544u, 1024u}) * data::make({1u, 4u, 7u, 16u}), inner, count) {
  constexpr std::uint32_t outer = 37;
  draws from(inner);
  std::vector<std::int8_t> weights(outer * inner);
  for (auto& w : weights)
    w = static_cast<std::int8_t>(from.one(127));
  const auto scales = from.floats(outer * inner / 32, 0.01f);
  const auto x = from.halves(std::size_t{16} * inner, 1);
  std::vector<float> y(std::size_t{16} * outer, -7);
  const std::uint32_t row_count = count;
  const int8_launch p{weights.data(), scales.data(), x.data(), y.data(), inner, outer, &row_count};
  launch({3, 4}, int8_threads, {}, [p] { multiply_int8(p); });
  double worst = 0;
  for (std::size_t row = 0; row < 16; ++row)
    for (std::size_t n = 0; n < outer; ++n) {
      double wanted = 0;
      for (std::size_t k = 0; k < inner; ++k)
        wanted += weights[n * inner + k] * value(scales[(n * inner + k) / 32]) * value(x[row * inner + k]);
      worst = std::max(worst, share_of(row < count ? wanted : -7, value(y[row * outer + n]), 1));
    }
  BOOST_TEST(worst <= 1e-4);
}

BOOST_AUTO_TEST_CASE(the_likeliest_token_is_taken_and_of_equals_the_first) {
  draws from(8);
  auto logits = from.floats(rows * 1000, 5);
  logits[700] = logits[311] = 9;
  const std::vector<float> temperature(rows, 0);
  const std::vector<std::uint64_t> seed(rows, 1);
  const std::vector<std::uint32_t> position(rows, 0);
  std::vector<std::uint32_t> token(rows);
  const std::uint32_t count = rows;
  const sampling_launch s{logits.data(), 1000,  temperature.data(), seed.data(), position.data(),
                          token.data(),  &count};
  launch({rows + 1}, sampling_threads, {.seed = 3}, [s] { draw_token(s); });
  BOOST_TEST(token[0] == 311u);
  const auto last = std::span(logits).last(1000);
  BOOST_TEST(token[2] == static_cast<std::uint32_t>(std::ranges::max_element(last) - last.begin()));
}

BOOST_AUTO_TEST_CASE(tokens_are_drawn_as_often_as_their_shares_say) {
  constexpr std::uint32_t draws_made = 4000;
  std::vector<float> logits;
  std::vector<std::uint32_t> position(draws_made), token(draws_made);
  for (std::uint32_t i = 0; i < draws_made; ++i) {
    logits.insert(logits.end(), {std::log(1.0f), std::log(2.0f), std::log(5.0f), -INFINITY});
    position[i] = i;
  }
  const std::vector<float> temperature(draws_made, 1);
  const std::vector<std::uint64_t> seed(draws_made, 42);
  const sampling_launch s{logits.data(), 4,          temperature.data(), seed.data(), position.data(),
                          token.data(),  &draws_made};
  launch({draws_made}, warp_size, {}, [s] { draw_token(s); });
  const auto times = [&token](std::uint32_t which) { return std::ranges::count(token, which); };
  BOOST_TEST(std::abs(times(0) - 500) < 90); // four deviations
  BOOST_TEST(std::abs(times(2) - 2500) < 130);
  BOOST_TEST(times(3) == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace troupe::kernels::cuda
