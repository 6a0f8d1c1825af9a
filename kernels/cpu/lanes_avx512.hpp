#pragma once

#include "kernels/cpu/rows.hpp"

#include <cstring>
#include <immintrin.h>

// Sixteen lanes of one register; see lanes_portable.hpp for what each does.
namespace troupe::kernels {
namespace {

struct lanes {
  using floats = __m512;
  using ints = __m512i;
  using bytes = __m512i;

  static floats zero() { return _mm512_setzero_ps(); }
  static floats all(float value) { return _mm512_set1_ps(value); }
  static floats pairs(const float* from) {
    double both;
    std::memcpy(&both, from, sizeof both);
    return _mm512_castpd_ps(_mm512_set1_pd(both));
  }
  static floats load(const float* from) { return _mm512_loadu_ps(from); }
  static floats load_f16(const std::uint16_t* from) {
    return _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(from)));
  }
  static floats load_bf16(const std::uint16_t* from) {
    const auto halves = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
    return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(halves), 16));
  }
  static floats load_bf16_even(const std::uint16_t* from) {
    return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_loadu_si512(from), 16));
  }
  static floats load_bf16_odd(const std::uint16_t* from) {
    return _mm512_castsi512_ps(
        _mm512_and_si512(_mm512_loadu_si512(from), _mm512_set1_epi32(static_cast<int>(0xffff0000u))));
  }
  static void store(float* to, floats a) { _mm512_storeu_ps(to, a); }
  static void store_f16(std::uint16_t* to, floats a) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm512_cvtps_ph(a, _MM_FROUND_TO_NEAREST_INT));
  }

  static floats add(floats a, floats b) { return _mm512_add_ps(a, b); }
  static floats subtract(floats a, floats b) { return _mm512_sub_ps(a, b); }
  static floats multiply(floats a, floats b) { return _mm512_mul_ps(a, b); }
  static floats divide(floats a, floats b) { return _mm512_div_ps(a, b); }
  static floats fma(floats a, floats b, floats c) { return _mm512_fmadd_ps(a, b, c); }
  static floats larger(floats a, floats b) { return _mm512_max_ps(a, b); }
  static floats smaller(floats a, floats b) { return _mm512_min_ps(a, b); }
  static floats magnitude(floats a) { return _mm512_abs_ps(a); }
  static floats zero_unless_less(floats a, floats b, floats value) {
    return _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(a, b, _CMP_LT_OQ), value);
  }
  static floats times_power(floats a, floats n) {
    return _mm512_castsi512_ps(
        _mm512_add_epi32(_mm512_castps_si512(a), _mm512_slli_epi32(_mm512_castps_si512(n), 23)));
  }

  static float sum(floats a) {
    const auto eight = _mm256_add_ps(_mm512_castps512_ps256(a), upper(a));
    const auto four = _mm_add_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    const auto two = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
  }
  static float largest(floats a) {
    const auto eight = _mm256_max_ps(_mm512_castps512_ps256(a), upper(a));
    const auto four = _mm_max_ps(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1));
    const auto two = _mm_max_ps(four, _mm_movehl_ps(four, four));
    return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
  }

  static std::int32_t store_bytes(std::int8_t* to, floats a) {
    const auto numbers = _mm512_cvtps_epi32(a);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm512_cvtepi32_epi8(numbers));
    return _mm512_reduce_add_epi32(numbers);
  }

  static floats to_floats(ints a) { return _mm512_cvtepi32_ps(a); }

  static bytes load_bytes(const std::uint8_t* from) { return _mm512_loadu_si512(from); }
  static bytes low_halves(const std::uint8_t* from) {
    return _mm512_and_si512(_mm512_loadu_si512(from), _mm512_set1_epi8(0xf));
  }
  static bytes high_halves(const std::uint8_t* from) {
    return _mm512_and_si512(_mm512_srli_epi16(_mm512_loadu_si512(from), 4), _mm512_set1_epi8(0xf));
  }
  static ints start(std::int32_t value) { return _mm512_set1_epi32(value); }
  static ints start_biased(std::int32_t bias) { return start(bias); }
  static ints start_sixteenth(std::int32_t bias) { return _mm512_srai_epi32(start(bias), 4); }
  static ints dot_biased(ints sum, bytes w, const std::int8_t* x) { return dot_small(sum, w, x); }
  static ints dot_small(ints sum, bytes w, const std::int8_t* x) {
    std::int32_t four;
    std::memcpy(&four, x, sizeof four);
    return _mm512_dpbusd_epi32(sum, w, _mm512_set1_epi32(four));
  }

private:
  static __m256 upper(floats a) { return _mm512_extractf32x8_ps(a, 1); }
};

} // namespace
} // namespace troupe::kernels
