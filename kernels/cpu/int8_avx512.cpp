#include "kernels/cpu/int8_kernels.hpp"

#include <cstring>
#include <immintrin.h>

namespace troupe::kernels {

namespace {

#define TROUPE_VNNI __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni"), always_inline)) inline

TROUPE_VNNI __m512i broadcast_four(const std::int8_t* at) {
  std::int32_t four;
  std::memcpy(&four, at, sizeof four);
  return _mm512_set1_epi32(four);
}

/// Sixteen rows' dots over a block, 128 times the sum of x too large. Two chains hide the instruction's
/// latency.
TROUPE_VNNI __m512i dots(const __m512i (&w)[int8_block / 4], const std::int8_t* x) {
  auto even = _mm512_setzero_si512();
  auto odd = _mm512_setzero_si512();
  for (std::size_t four = 0; four < int8_block / 4; four += 2) {
    even = _mm512_dpbusd_epi32(even, w[four], broadcast_four(x + four * 4));
    odd = _mm512_dpbusd_epi32(odd, w[four + 1], broadcast_four(x + four * 4 + 4));
  }
  return _mm512_add_epi32(even, odd);
}

/// The number of tokens is known to the compiler, so that their sums stay in registers.
template<std::size_t Count>
TROUPE_VNNI void panel_of(std::span<const int8_panel_block> panel, const int8_rows& x, std::size_t first,
                          float (*out)[panel_rows]) {
  __m512 sums[Count];
  for (std::size_t token = 0; token < Count; ++token)
    sums[token] = _mm512_setzero_ps();
  for (std::size_t b = 0; b < panel.size(); ++b) {
    __m512i w[int8_block / 4];
    for (std::size_t four = 0; four < int8_block / 4; ++four)
      w[four] = _mm512_loadu_si512(panel[b].numbers[four]);
    const auto scales =
        _mm512_cvtph_ps(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(panel[b].scales)));
    for (std::size_t token = 0; token < Count; ++token) {
      const auto row = first + token;
      const auto offset = _mm512_set1_epi32(x.offsets_of(row)[b]);
      const auto dot = _mm512_sub_epi32(dots(w, x.numbers_of(row) + b * int8_block), offset);
      const auto scale = _mm512_mul_ps(scales, _mm512_set1_ps(x.scales_of(row)[b]));
      sums[token] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(dot), scale, sums[token]);
    }
  }
  for (std::size_t token = 0; token < Count; ++token)
    _mm512_storeu_ps(out[token], sums[token]);
}

#undef TROUPE_VNNI

} // namespace

__attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni"))) void
panel_avx512_vnni(std::span<const int8_panel_block> panel, const int8_rows& x, std::size_t first,
                  std::size_t count, float (*out)[panel_rows]) {
  switch (count) {
  case 8:
    return panel_of<8>(panel, x, first, out);
  case 7:
    return panel_of<7>(panel, x, first, out);
  case 6:
    return panel_of<6>(panel, x, first, out);
  case 5:
    return panel_of<5>(panel, x, first, out);
  case 4:
    return panel_of<4>(panel, x, first, out);
  case 3:
    return panel_of<3>(panel, x, first, out);
  case 2:
    return panel_of<2>(panel, x, first, out);
  default:
    return panel_of<1>(panel, x, first, out);
  }
}

} // namespace troupe::kernels
