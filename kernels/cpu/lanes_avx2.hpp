#pragma once

#include "kernels/cpu/rows.hpp"

#include <cstring>
#include <immintrin.h>

// Sixteen lanes in two registers; see lanes_portable.hpp for what each does.
namespace troupe::kernels {
namespace {

struct lanes {
  struct floats {
    __m256 low, high;
  };
  struct ints {
    __m256i low, high;
  };
  using bytes = ints;

  template<class Op>
  static floats both(const Op& op, floats a, floats b) {
    return {op(a.low, b.low), op(a.high, b.high)};
  }
  static __m256i load_ints(const void* from) { return _mm256_loadu_si256(static_cast<const __m256i*>(from)); }
  static __m128i load_half(const void* from) { return _mm_loadu_si128(static_cast<const __m128i*>(from)); }
  static __m256 shifted(__m256i halves) { return _mm256_castsi256_ps(_mm256_slli_epi32(halves, 16)); }
  static __m256 upper_half(__m256i pairs) {
    return _mm256_castsi256_ps(_mm256_and_si256(pairs, _mm256_set1_epi32(static_cast<int>(0xffff0000u))));
  }

  static floats zero() { return {_mm256_setzero_ps(), _mm256_setzero_ps()}; }
  static floats all(float value) { return {_mm256_set1_ps(value), _mm256_set1_ps(value)}; }
  static floats pairs(const float* from) {
    double two;
    std::memcpy(&two, from, sizeof two);
    const auto spread = _mm256_castpd_ps(_mm256_set1_pd(two));
    return {spread, spread};
  }
  static floats load(const float* from) { return {_mm256_loadu_ps(from), _mm256_loadu_ps(from + 8)}; }
  static floats load_f16(const std::uint16_t* from) {
    return {_mm256_cvtph_ps(load_half(from)), _mm256_cvtph_ps(load_half(from + 8))};
  }
  static floats load_bf16(const std::uint16_t* from) {
    return {shifted(_mm256_cvtepu16_epi32(load_half(from))),
            shifted(_mm256_cvtepu16_epi32(load_half(from + 8)))};
  }
  static floats load_bf16_even(const std::uint16_t* from) {
    return {shifted(load_ints(from)), shifted(load_ints(from + 16))};
  }
  static floats load_bf16_odd(const std::uint16_t* from) {
    return {upper_half(load_ints(from)), upper_half(load_ints(from + 16))};
  }
  static void store(float* to, floats a) {
    _mm256_storeu_ps(to, a.low);
    _mm256_storeu_ps(to + 8, a.high);
  }
  static void store_f16(std::uint16_t* to, floats a) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm256_cvtps_ph(a.low, _MM_FROUND_TO_NEAREST_INT));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + 8), _mm256_cvtps_ph(a.high, _MM_FROUND_TO_NEAREST_INT));
  }

  static floats add(floats a, floats b) {
    return {_mm256_add_ps(a.low, b.low), _mm256_add_ps(a.high, b.high)};
  }
  static floats subtract(floats a, floats b) {
    return {_mm256_sub_ps(a.low, b.low), _mm256_sub_ps(a.high, b.high)};
  }
  static floats multiply(floats a, floats b) {
    return {_mm256_mul_ps(a.low, b.low), _mm256_mul_ps(a.high, b.high)};
  }
  static floats divide(floats a, floats b) {
    return {_mm256_div_ps(a.low, b.low), _mm256_div_ps(a.high, b.high)};
  }
  static floats fma(floats a, floats b, floats c) {
    return {_mm256_fmadd_ps(a.low, b.low, c.low), _mm256_fmadd_ps(a.high, b.high, c.high)};
  }
  static floats larger(floats a, floats b) {
    return {_mm256_max_ps(a.low, b.low), _mm256_max_ps(a.high, b.high)};
  }
  static floats smaller(floats a, floats b) {
    return {_mm256_min_ps(a.low, b.low), _mm256_min_ps(a.high, b.high)};
  }
  static floats magnitude(floats a) {
    const auto sign = _mm256_set1_ps(-0.0f);
    return {_mm256_andnot_ps(sign, a.low), _mm256_andnot_ps(sign, a.high)};
  }
  static floats zero_unless_less(floats a, floats b, floats value) {
    return {_mm256_and_ps(_mm256_cmp_ps(a.low, b.low, _CMP_LT_OQ), value.low),
            _mm256_and_ps(_mm256_cmp_ps(a.high, b.high, _CMP_LT_OQ), value.high)};
  }
  static floats times_power(floats a, floats n) {
    const auto one = [](__m256 number, __m256 power) {
      return _mm256_castsi256_ps(
          _mm256_add_epi32(_mm256_castps_si256(number), _mm256_slli_epi32(_mm256_castps_si256(power), 23)));
    };
    return {one(a.low, n.low), one(a.high, n.high)};
  }

  static float sum(floats a) {
    const auto eight = _mm256_add_ps(a.low, a.high);
    const auto four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    const auto two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
  }
  static float largest(floats a) {
    const auto eight = _mm256_max_ps(a.low, a.high);
    const auto four = _mm_max_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    const auto two = _mm_max_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
  }

  static std::int32_t store_bytes(std::int8_t* to, floats a) {
    const auto low = _mm256_cvtps_epi32(a.low);
    const auto high = _mm256_cvtps_epi32(a.high);
    const auto words = _mm256_permute4x64_epi64(_mm256_packs_epi32(low, high), 0xd8);
    const auto packed = _mm_packs_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), packed);
    const auto eight = _mm256_add_epi32(low, high);
    const auto four = _mm_add_epi32(_mm256_castsi256_si128(eight), _mm256_extracti128_si256(eight, 1));
    const auto two = _mm_add_epi32(four, _mm_shuffle_epi32(four, 0x4e));
    return _mm_cvtsi128_si32(_mm_add_epi32(two, _mm_shuffle_epi32(two, 0xb1)));
  }

  static floats to_floats(ints a) { return {_mm256_cvtepi32_ps(a.low), _mm256_cvtepi32_ps(a.high)}; }

  static bytes load_bytes(const std::uint8_t* from) { return {load_ints(from), load_ints(from + 32)}; }
  static __m256i low_bits(__m256i value) { return _mm256_and_si256(value, _mm256_set1_epi8(0xf)); }
  static bytes low_halves(const std::uint8_t* from) {
    const auto both = load_bytes(from);
    return {low_bits(both.low), low_bits(both.high)};
  }
  static bytes high_halves(const std::uint8_t* from) {
    const auto both = load_bytes(from);
    return {low_bits(_mm256_srli_epi16(both.low, 4)), low_bits(_mm256_srli_epi16(both.high, 4))};
  }
  static ints start(std::int32_t value) { return {_mm256_set1_epi32(value), _mm256_set1_epi32(value)}; }
  static ints start_biased(std::int32_t) { return start(0); } // dot_biased takes the bias away itself
  static ints start_sixteenth(std::int32_t bias) { return start(bias / 16); }

  static __m256i broadcast_four(const std::int8_t* x) {
    std::int32_t four;
    std::memcpy(&four, x, sizeof four);
    return _mm256_set1_epi32(four);
  }
  static __m256i add_pairs(__m256i sum, __m256i w, __m256i x) {
    return _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_maddubs_epi16(w, x), _mm256_set1_epi16(1)));
  }
  /// The products of |w| and x with w's sign fit 16 bits in pairs: 2 * 128 * 127 < 32768.
  static ints dot_biased(ints sum, bytes w, const std::int8_t* x) {
    const auto flip = _mm256_set1_epi8(static_cast<char>(-128));
    const auto four = broadcast_four(x);
    const auto one = [&](__m256i so_far, __m256i biased) {
      const auto number = _mm256_xor_si256(biased, flip);
      return add_pairs(so_far, _mm256_abs_epi8(number), _mm256_sign_epi8(four, number));
    };
    return {one(sum.low, w.low), one(sum.high, w.high)};
  }
  /// Of unsigned numbers below 128.
  static ints dot_small(ints sum, bytes w, const std::int8_t* x) {
    const auto four = broadcast_four(x);
    return {add_pairs(sum.low, w.low, four), add_pairs(sum.high, w.high, four)};
  }
};

} // namespace
} // namespace troupe::kernels
