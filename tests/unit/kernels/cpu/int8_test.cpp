#include "kernels/cpu/int8_kernels.hpp"

#include "kernels/files/quantize.hpp"
#include "kernels/threads/team.hpp"

#include <atomic>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <cmath>

namespace {

using namespace troupe::kernels;

std::vector<float> wavy(std::size_t count, float step) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i)
    values[i] = std::sin(static_cast<float>(i) * step) * (1 + static_cast<float>(i % 7));
  return values;
}

matrix stored(dtype type, std::size_t rows, std::size_t columns) {
  const auto bytes =
      std::make_shared<const std::vector<std::byte>>(quantize(type, wavy(rows * columns, 0.37f)));
  return {tensor_view{type, {rows, columns}, *bytes}, bytes};
}

int8_rows quantised(std::size_t rows, std::size_t columns) {
  int8_rows x(rows, columns);
  const auto values = wavy(rows * columns, 0.11f);
  for (std::size_t row = 0; row < rows; ++row)
    quantise_row(std::span(values).subspan(row * columns, columns), x, row);
  return x;
}

using tile = std::array<std::array<float, panel_rows>, token_tile>;

tile run(instruction_set set, const int8_matrix& w, std::size_t panel, const int8_rows& x, std::size_t first,
         std::size_t count) {
  tile out{};
  panel_kernel_of(set)(w.panel(panel), x, first, count, reinterpret_cast<float(*)[panel_rows]>(out.data()));
  return out;
}

const std::vector<dtype> kinds{dtype::q8_0, dtype::q4_0};

} // namespace

BOOST_AUTO_TEST_SUITE(int8_kernels)

BOOST_DATA_TEST_CASE(a_panel_is_the_product_of_what_is_stored, boost::unit_test::data::make({0, 1})) {
  const auto w = stored(kinds[static_cast<std::size_t>(sample)], 20, 96);
  const auto packed = int8_matrix::pack(w).value();
  const auto x = quantised(3, 96);
  BOOST_TEST(packed.panels() == 2u);
  const auto out = run(instruction_set::portable, packed, 1, x, 0, 3);
  std::vector<float> scratch(96);
  for (std::size_t token = 0; token < 3; ++token)
    for (std::size_t row = 16; row < 20; ++row) {
      const auto weights = w.row(row, scratch);
      double wanted = 0;
      for (std::size_t i = 0; i < 96; ++i)
        wanted += static_cast<double>(weights[i]) * static_cast<double>(x.numbers_of(token)[i]) *
                  static_cast<double>(x.scales_of(token)[i / 32]);
      BOOST_TEST(std::fabs(static_cast<double>(out[token][row - 16]) - wanted) <=
                 1e-5 * (1 + std::fabs(wanted)));
    }
  BOOST_TEST(out[0][4] == 0.0f); // a row beyond the last
}

BOOST_AUTO_TEST_CASE(every_instruction_set_gives_the_same_bits) {
  const auto packed = int8_matrix::pack(stored(dtype::q8_0, 16, 320)).value();
  const auto x = quantised(token_tile, 320);
  for (const auto set : available_instruction_sets())
    for (std::size_t count = 1; count <= token_tile; ++count) {
      const auto wanted = run(instruction_set::portable, packed, 0, x, 0, count);
      const auto out = run(set, packed, 0, x, 0, count);
      BOOST_TEST(std::memcmp(&wanted, &out, sizeof out) == 0, name_of(set) << " with " << count << " tokens");
    }
}

BOOST_AUTO_TEST_CASE(a_token_has_the_same_bits_in_every_tile) {
  const auto packed = int8_matrix::pack(stored(dtype::q8_0, 16, 320)).value();
  const auto x = quantised(token_tile, 320);
  for (const auto set : available_instruction_sets()) {
    const auto all = run(set, packed, 0, x, 0, token_tile);
    for (std::size_t token = 0; token < token_tile; ++token)
      BOOST_TEST((run(set, packed, 0, x, token, 1)[0] == all[token]));
  }
}

BOOST_AUTO_TEST_CASE(the_lowest_byte_is_a_number_too) {
  std::vector<std::byte> bytes(34, std::byte{0x80}); // -128 throughout, which no quantiser writes
  bytes[0] = std::byte{0x00};
  bytes[1] = std::byte{0x3c};
  const auto holds = std::make_shared<const std::vector<std::byte>>(bytes);
  const auto packed = int8_matrix::pack({tensor_view{dtype::q8_0, {1, 32}, *holds}, holds}).value();
  int8_rows x(1, 32);
  quantise_row(std::vector<float>(32, 127), x, 0);
  for (const auto set : available_instruction_sets())
    BOOST_TEST(run(set, packed, 0, x, 0, 1)[0][0] == -128.0f * 127 * 32, name_of(set));
}

BOOST_AUTO_TEST_CASE(kinds_that_bytes_cannot_hold_are_left_alone) {
  BOOST_TEST(!int8_matrix::pack(stored(dtype::f16, 4, 32)).has_value());
}

BOOST_AUTO_TEST_CASE(activations_are_rounded_to_their_blocks_levels) {
  int8_rows x(1, 32);
  std::vector<float> values(32);
  values[0] = -254;
  values[1] = 3;
  quantise_row(values, x, 0);
  BOOST_TEST(x.scales[0] == 2.0f);
  BOOST_TEST(x.numbers[0] == -127);
  BOOST_TEST(x.numbers[1] == 2); // 1.5, to the even one
  BOOST_TEST(x.offsets[0] == 128 * -125);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(thread_teams)

BOOST_DATA_TEST_CASE(every_part_is_done_once, boost::unit_test::data::make({1, 2, 3})) {
  thread_team team(static_cast<std::size_t>(sample));
  BOOST_TEST(team.threads() == static_cast<std::size_t>(sample));
  for (std::size_t parts = 0; parts < 200; ++parts) {
    std::vector<std::atomic<int>> done(parts);
    team.share(parts, [&done](std::size_t part) { ++done[part]; });
    BOOST_REQUIRE(std::ranges::all_of(done, [](const auto& times) { return times == 1; }));
  }
}

BOOST_AUTO_TEST_SUITE_END()
