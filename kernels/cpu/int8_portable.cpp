#include "kernels/base/half.hpp"
#include "kernels/cpu/int8_kernels.hpp"

#include <cmath>

namespace troupe::kernels {

namespace {

std::int32_t dot_of_lane(const int8_panel_block& block, std::size_t lane, const std::int8_t* x) {
  std::int32_t sum = 0;
  for (std::size_t i = 0; i < int8_block; ++i)
    sum += static_cast<std::int32_t>(block.numbers[i / 4][lane][i % 4]) * x[i];
  return sum;
}

} // namespace

void panel_portable(std::span<const int8_panel_block> panel, const int8_rows& x, std::size_t first,
                    std::size_t count, float (*out)[panel_rows]) {
  for (std::size_t token = 0; token < count; ++token)
    for (std::size_t lane = 0; lane < panel_rows; ++lane) {
      float sum = 0;
      for (std::size_t b = 0; b < panel.size(); ++b) {
        const auto* numbers = x.numbers_of(first + token) + b * int8_block;
        const auto dot = dot_of_lane(panel[b], lane, numbers) - x.offsets_of(first + token)[b];
        const float scale = float_of_f16(panel[b].scales[lane]) * x.scales_of(first + token)[b];
        sum = std::fma(static_cast<float>(dot), scale, sum);
      }
      out[token][lane] = sum;
    }
}

panel_kernel panel_kernel_of(instruction_set set) noexcept {
  switch (set) {
  case instruction_set::portable:
    return panel_portable;
  case instruction_set::avx2:
    return panel_avx2;
  case instruction_set::avx512_vnni:
    return panel_avx512_vnni;
  }
  return panel_portable;
}

} // namespace troupe::kernels
