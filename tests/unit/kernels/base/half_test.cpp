#include "kernels/base/half.hpp"

#include <cmath>
#include <limits>

namespace {

using namespace troupe::kernels;

bool survives_as_f16(std::uint32_t bits) {
  const auto half = static_cast<std::uint16_t>(bits);
  return f16_of_float(float_of_f16(half)) == half;
}

bool is_nan_f16(std::uint32_t bits) { return (bits & 0x7c00u) == 0x7c00u && (bits & 0x3ffu) != 0; }

} // namespace

BOOST_AUTO_TEST_SUITE(half_precision)

BOOST_AUTO_TEST_CASE(every_f16_survives_the_way_through_float) {
  for (std::uint32_t bits = 0; bits < 0x10000u; ++bits)
    BOOST_REQUIRE(is_nan_f16(bits) || survives_as_f16(bits));
}

BOOST_AUTO_TEST_CASE(every_bf16_survives_the_way_through_float) {
  for (std::uint32_t bits = 0; bits < 0x10000u; ++bits)
    BOOST_REQUIRE(std::isnan(float_of_bf16(static_cast<std::uint16_t>(bits))) ||
                  bf16_of_float(float_of_bf16(static_cast<std::uint16_t>(bits))) == bits);
}

BOOST_AUTO_TEST_CASE(known_f16_values) {
  BOOST_TEST(float_of_f16(0x3c00) == 1.0f);
  BOOST_TEST(float_of_f16(0xc000) == -2.0f);
  BOOST_TEST(float_of_f16(0x7bff) == 65504.0f);
  BOOST_TEST(float_of_f16(0x0001) == 0x1p-24f);
  BOOST_TEST(std::isinf(float_of_f16(0x7c00)));
  BOOST_TEST(std::signbit(float_of_f16(0x8000)));
}

BOOST_AUTO_TEST_CASE(ties_go_to_the_even_neighbour) {
  BOOST_TEST(f16_of_float(1.0f + 0x1p-11f) == 0x3c00);
  BOOST_TEST(f16_of_float(1.0f + 3 * 0x1p-11f) == 0x3c02);
  BOOST_TEST(f16_of_float(0x1p-25f) == 0x0000);
  BOOST_TEST(f16_of_float(3 * 0x1p-25f) == 0x0002);
  BOOST_TEST(bf16_of_float(1.0f + 0x1p-8f) == 0x3f80);
  BOOST_TEST(bf16_of_float(1.0f + 3 * 0x1p-8f) == 0x3f82);
}

BOOST_AUTO_TEST_CASE(what_is_too_large_becomes_infinite) {
  BOOST_TEST(f16_of_float(65519.0f) == 0x7bff);
  BOOST_TEST(f16_of_float(65520.0f) == 0x7c00);
  BOOST_TEST(f16_of_float(-1e30f) == 0xfc00);
}

BOOST_AUTO_TEST_CASE(no_number_stays_no_number) {
  BOOST_TEST(std::isnan(float_of_f16(f16_of_float(std::numeric_limits<float>::quiet_NaN()))));
  BOOST_TEST(std::isnan(float_of_bf16(bf16_of_float(std::bit_cast<float>(0x7f800001u)))));
}

BOOST_AUTO_TEST_SUITE_END()
