#include "kernels/cpu/int8_kernels.hpp"

#include <cstring>
#include <immintrin.h>

namespace troupe::kernels {

namespace {

constexpr std::size_t half_panel = panel_rows / 2;

__attribute__((target("avx2"))) __m256i broadcast_four(const std::int8_t* at) {
  std::int32_t four;
  std::memcpy(&four, at, sizeof four);
  return _mm256_set1_epi32(four);
}

/// Eight rows' dots over a block. The products of |w| and x with w's sign fit 16 bits in pairs: 2 * 128 * 127
/// < 32768.
__attribute__((target("avx2"))) __m256i dots(const int8_panel_block& block, std::size_t half,
                                             const std::int8_t* x) {
  const auto flip = _mm256_set1_epi8(static_cast<char>(-128));
  const auto ones = _mm256_set1_epi16(1);
  auto sum = _mm256_setzero_si256();
  for (std::size_t four = 0; four < int8_block / 4; ++four) {
    const auto* at = reinterpret_cast<const __m256i*>(block.numbers[four][half * half_panel]);
    const auto w = _mm256_xor_si256(_mm256_loadu_si256(at), flip);
    const auto signed_x = _mm256_sign_epi8(broadcast_four(x + four * 4), w);
    const auto pairs = _mm256_maddubs_epi16(_mm256_abs_epi8(w), signed_x);
    sum = _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, ones));
  }
  return sum;
}

__attribute__((target("avx2,fma,f16c"))) __m256 scales_of(const int8_panel_block& block, std::size_t half) {
  return _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(block.scales + half * half_panel)));
}

} // namespace

__attribute__((target("avx2,fma,f16c"))) void panel_avx2(std::span<const int8_panel_block> panel,
                                                         const int8_rows& x, std::size_t first,
                                                         std::size_t count, float (*out)[panel_rows]) {
  for (std::size_t half = 0; half < 2; ++half) {
    __m256 sums[token_tile];
    for (std::size_t token = 0; token < count; ++token)
      sums[token] = _mm256_setzero_ps();
    for (std::size_t b = 0; b < panel.size(); ++b) {
      const auto scales = scales_of(panel[b], half);
      for (std::size_t token = 0; token < count; ++token) {
        const auto dot =
            _mm256_cvtepi32_ps(dots(panel[b], half, x.numbers_of(first + token) + b * int8_block));
        const auto scale = _mm256_mul_ps(scales, _mm256_set1_ps(x.scales_of(first + token)[b]));
        sums[token] = _mm256_fmadd_ps(dot, scale, sums[token]);
      }
    }
    for (std::size_t token = 0; token < count; ++token)
      _mm256_storeu_ps(out[token] + half * half_panel, sums[token]);
  }
}

} // namespace troupe::kernels
