#pragma once

#include <cstddef>
#include <cstdint>

namespace troupe::kernels {

/// Output rows of a matrix that a kernel computes side by side: one for each 32-bit lane of 512 bits.
inline constexpr std::size_t panel_rows = 16;

/// Rows of activations that a kernel takes along while it reads a panel once.
inline constexpr std::size_t token_tile = 8;

/// Numbers of a block share a scale, as in Q8_0.
inline constexpr std::size_t int8_block = 32;

/// One block of the activations of a tile, rounded to bytes: what is read together lies together.
struct alignas(64) int8_tile_block {
  std::int8_t numbers[token_tile][int8_block];
  float scales[token_tile];
  float totals[token_tile]; // scale times the sum of the numbers: what a block's minimum is multiplied by
  std::int32_t biases[token_tile];      // -128 times the sum: what weights stored plus 128 add too much
  std::int32_t half_biases[token_tile]; // that of the first sixteen
};

/// A number of columns as the kernels want it: floats beyond the last are zero.
constexpr std::size_t padded(std::size_t columns) noexcept {
  return (columns + panel_rows - 1) / panel_rows * panel_rows;
}

} // namespace troupe::kernels
