// Each expected number is worked out by hand from the block's layout.
#include "kernels/files/dequantize.hpp"
#include "kernels/files/quantize.hpp"

#include <cmath>
#include <cstring>

namespace {

using namespace troupe::kernels;

std::vector<std::byte> block(dtype type) { return std::vector<std::byte>(layout_of(type).block_bytes); }

void put_f16(std::vector<std::byte>& bytes, std::size_t at, std::uint16_t bits) {
  std::memcpy(&bytes[at], &bits, 2);
}

void put(std::vector<std::byte>& bytes, std::size_t at, unsigned value) {
  bytes[at] = static_cast<std::byte>(value);
}

std::vector<float> decoded(dtype type, const std::vector<std::byte>& bytes) {
  std::vector<float> out(layout_of(type).block_elements * (bytes.size() / layout_of(type).block_bytes));
  dequantize(type, bytes, out);
  return out;
}

constexpr std::uint16_t one = 0x3c00;
constexpr std::uint16_t two = 0x4000;
constexpr std::uint16_t half = 0x3800;

/// Values that use every level of a block and some that need rounding.
std::vector<float> wavy(std::size_t count, float size) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i)
    values[i] = size * std::sin(static_cast<float>(i) * 0.7f) * (1 + static_cast<float>(i) * 0.01f);
  return values;
}

float worst_difference(const std::vector<float>& a, const std::vector<float>& b) {
  float worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    worst = std::max(worst, std::fabs(a[i] - b[i]));
  return worst;
}

} // namespace

BOOST_AUTO_TEST_SUITE(stored_numbers)

BOOST_AUTO_TEST_CASE(q4_0_has_low_nibbles_first_and_eight_in_the_middle) {
  auto bytes = block(dtype::q4_0);
  put_f16(bytes, 0, two);
  put(bytes, 2, 0xf0);
  put(bytes, 17, 0x89);
  const auto values = decoded(dtype::q4_0, bytes);
  BOOST_TEST(values[0] == -16.0f);
  BOOST_TEST(values[16] == 14.0f);
  BOOST_TEST(values[15] == 2.0f);
  BOOST_TEST(values[31] == 0.0f);
}

BOOST_AUTO_TEST_CASE(q4_1_adds_its_least_value) {
  auto bytes = block(dtype::q4_1);
  put_f16(bytes, 0, two);
  put_f16(bytes, 2, half);
  put(bytes, 4, 0x3f);
  const auto values = decoded(dtype::q4_1, bytes);
  BOOST_TEST(values[0] == 30.5f);
  BOOST_TEST(values[16] == 6.5f);
  BOOST_TEST(values[1] == 0.5f);
}

BOOST_AUTO_TEST_CASE(q5_0_takes_the_fifth_bit_from_its_own_word) {
  auto bytes = block(dtype::q5_0);
  put_f16(bytes, 0, one);
  put(bytes, 2, 0x01); // number 0
  put(bytes, 5, 0x80); // number 31
  put(bytes, 6, 0x0f);
  const auto values = decoded(dtype::q5_0, bytes);
  BOOST_TEST(values[0] == 15.0f);
  BOOST_TEST(values[31] == 0.0f);
  BOOST_TEST(values[16] == -16.0f);
}

BOOST_AUTO_TEST_CASE(q5_1_adds_its_least_value) {
  auto bytes = block(dtype::q5_1);
  put_f16(bytes, 0, one);
  put_f16(bytes, 2, two);
  put(bytes, 6, 0x01); // number 16
  put(bytes, 8, 0x2f);
  const auto values = decoded(dtype::q5_1, bytes);
  BOOST_TEST(values[0] == 17.0f);
  BOOST_TEST(values[16] == 20.0f);
}

BOOST_AUTO_TEST_CASE(q8_0_is_a_scale_and_signed_bytes) {
  auto bytes = block(dtype::q8_0);
  put_f16(bytes, 0, half);
  put(bytes, 2, 0x80);
  put(bytes, 33, 0x7f);
  const auto values = decoded(dtype::q8_0, bytes);
  BOOST_TEST(values[0] == -64.0f);
  BOOST_TEST(values[31] == 63.5f);
}

BOOST_AUTO_TEST_CASE(q4_k_unpacks_six_bit_scales_of_both_halves) {
  auto bytes = block(dtype::q4_k);
  put_f16(bytes, 0, one);
  put_f16(bytes, 2, two);
  put(bytes, 4, 0xc5);  // part 0: scale 5; its top bits belong to part 4's scale
  put(bytes, 8, 0x43);  // part 0: least 3; its top bits belong to part 4's least
  put(bytes, 12, 0x21); // part 4: scale 1 | 3 << 4 = 49, least 2 | 1 << 4 = 18
  put(bytes, 16, 0x07); // part 0, number 0
  put(bytes, 16 + 64, 0x02);
  const auto values = decoded(dtype::q4_k, bytes);
  BOOST_TEST(values[0] == 5.0f * 7 - 2 * 3);
  BOOST_TEST(values[1] == -6.0f);
  BOOST_TEST(values[128] == 49.0f * 2 - 2 * 18);
  BOOST_TEST(values[32] == 0.0f);
}

BOOST_AUTO_TEST_CASE(q5_k_takes_the_bit_of_its_part) {
  auto bytes = block(dtype::q5_k);
  put_f16(bytes, 0, one);
  put(bytes, 5, 2);        // part 1: scale 2
  put(bytes, 16 + 3, 0x2); // bit of part 1, number 3
  put(bytes, 48 + 3, 0x91);
  const auto values = decoded(dtype::q5_k, bytes);
  BOOST_TEST(values[35] == 2.0f * (9 + 16));
  BOOST_TEST(values[3] == 0.0f);
}

BOOST_AUTO_TEST_CASE(q6_k_has_four_quarters_in_each_half) {
  auto bytes = block(dtype::q6_k);
  put_f16(bytes, 208, one);
  put(bytes, 192 + 8, 0xff); // scale of the first 16 numbers of the second half: -1
  put(bytes, 192 + 14, 3);   // and of its numbers 96 to 111
  put(bytes, 64, 0x5);       // low bits of number 128
  put(bytes, 64 + 32, 0x70); // low bits of number 128 + 96
  put(bytes, 128 + 32, 0xc1);
  const auto values = decoded(dtype::q6_k, bytes);
  BOOST_TEST(values[128] == -1.0f * (5 + 16 - 32));
  BOOST_TEST(values[224] == 3.0f * (7 + 48 - 32));
  BOOST_TEST(values[0] == 0.0f);
}

BOOST_AUTO_TEST_CASE(plain_numbers_are_converted) {
  auto bytes = std::vector<std::byte>(4);
  put_f16(bytes, 0, two);
  put_f16(bytes, 2, half);
  BOOST_TEST(decoded(dtype::f16, bytes) == (std::vector<float>{2, 0.5f}), boost::test_tools::per_element());
  put_f16(bytes, 2, 0x4040);
  BOOST_TEST(decoded(dtype::bf16, bytes)[1] == 3.0f);
  const double third = 1.0 / 3;
  auto real = std::vector<std::byte>(8);
  std::memcpy(real.data(), &third, 8);
  BOOST_TEST(decoded(dtype::f64, real)[0] == static_cast<float>(third));
}

BOOST_AUTO_TEST_CASE(q8_0_rounds_to_the_nearest_level) {
  auto values = std::vector<float>(32);
  values[0] = -127;
  values[1] = 2.4f;
  values[2] = 2.5f;
  values[3] = -2.5f;
  const auto back = decoded(dtype::q8_0, quantize(dtype::q8_0, values));
  BOOST_TEST(back[0] == -127.0f);
  BOOST_TEST(back[1] == 2.0f);
  BOOST_TEST(back[2] == 3.0f);
  BOOST_TEST(back[3] == -3.0f);
}

BOOST_AUTO_TEST_CASE(q4_0_gives_its_extreme_the_level_without_counterpart) {
  auto values = std::vector<float>(32);
  values[5] = 8;
  values[20] = -8;
  values[21] = 3.4f;
  const auto back = decoded(dtype::q4_0, quantize(dtype::q4_0, values));
  BOOST_TEST(back[5] == 8.0f);
  BOOST_TEST(back[20] == -7.0f);
  BOOST_TEST(back[21] == 3.0f);
}

BOOST_AUTO_TEST_CASE(blocks_of_zeros_stay_zeros) {
  const std::vector<float> zeros(32);
  BOOST_TEST(decoded(dtype::q8_0, quantize(dtype::q8_0, zeros)) == zeros, boost::test_tools::per_element());
  BOOST_TEST(decoded(dtype::q4_0, quantize(dtype::q4_0, zeros)) == zeros, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(errors_stay_within_half_a_level) {
  const auto values = wavy(320, 1.0f);
  BOOST_TEST(worst_difference(values, decoded(dtype::q8_0, quantize(dtype::q8_0, values))) <
             4.3f / 254 * 1.02f);
  BOOST_TEST(worst_difference(values, decoded(dtype::q4_0, quantize(dtype::q4_0, values))) < 4.3f / 8);
  BOOST_TEST(worst_difference(values, decoded(dtype::f16, quantize(dtype::f16, values))) < 4.3f / 2048);
  BOOST_TEST(worst_difference(values, decoded(dtype::bf16, quantize(dtype::bf16, values))) < 4.3f / 256);
  BOOST_TEST(worst_difference(values, decoded(dtype::f32, quantize(dtype::f32, values))) == 0.0f);
}

BOOST_AUTO_TEST_CASE(kinds_that_cannot_be_written_say_so) {
  BOOST_TEST(!can_quantize_to(dtype::q6_k));
  BOOST_TEST(!can_quantize_to(dtype::i32));
  BOOST_TEST(can_quantize_to(dtype::q4_0));
}

BOOST_AUTO_TEST_CASE(names_and_numbers_of_kinds_agree_both_ways) {
  BOOST_TEST((dtype_of_ggml(*ggml_number(dtype::q5_k)) == dtype::q5_k));
  BOOST_TEST(!ggml_number(dtype::other).has_value());
  BOOST_TEST((dtype_of_safetensors("BF16") == dtype::bf16));
  BOOST_TEST((dtype_of_safetensors("F8_E4M3") == dtype::other));
  BOOST_TEST((dtype_of_safetensors("Q8_0") == dtype::other));
  BOOST_TEST(!safetensors_name(dtype::q8_0).has_value());
  BOOST_TEST(!bytes_of(dtype::q4_k, 255).has_value());
  BOOST_TEST(bytes_of(dtype::q4_k, 512).value() == 288u);
  BOOST_TEST(name_of_ggml(10) == "Q2_K");
}

BOOST_AUTO_TEST_SUITE_END()
