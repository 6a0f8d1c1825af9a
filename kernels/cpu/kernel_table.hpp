#pragma once

#include "kernels/cpu/instruction_set.hpp"
#include "kernels/cpu/rows.hpp"

#include <cstddef>
#include <cstdint>

namespace troupe::kernels {

/// How packed weights lie in a panel. Of the kinds of bytes first the numbers of all blocks, then their
/// scales.
enum class packed_kind : std::uint8_t {
  bytes,         // numbers plus 128, half precision scales: Q8_0, Q5_0
  nibbles,       // numbers plus 8, two in a byte: Q4_0
  bytes_min,     // numbers from 0 up, float scales and minima: Q5_1, Q5_K
  nibbles_min,   // likewise, two in a byte: Q4_1, Q4_K
  bytes_sixteen, // numbers plus 128, a float scale for each sixteen: Q6_K
  f16,
  bf16,
  f32
};
inline constexpr std::size_t packed_kinds = 8;

/// Up to `token_tile` rows of activations in the form that a kind takes: blocks, or floats `stride` apart.
struct tile_input {
  const int8_tile_block* blocks = nullptr;
  const float* floats = nullptr;
  std::size_t stride = 0;
  const std::byte* ahead = nullptr; // a panel that is wanted next: asked for meanwhile
};

/// Queries of one text that share a key-value head, and what they may look at.
struct attention_tile {
  static constexpr std::size_t queries_max = 8;
  static constexpr std::size_t head_size_max = 256;

  const std::uint16_t* keys = nullptr;   // of the layer and head; [dimension][position] within a page
  const std::uint16_t* values = nullptr; // likewise; [position][dimension], padded
  std::size_t key_stride = 0;            // between the same head of two pages, in numbers
  std::size_t value_stride = 0;
  const std::uint32_t* pages = nullptr; // of the text
  std::size_t head_size = 0;
  std::size_t count = 0;
  const float* query[queries_max] = {}; // scaled
  float* out[queries_max] = {};
  std::uint32_t first[queries_max] = {}; // position that it sees
  std::uint32_t last[queries_max] = {};
};

/// What the forward pass is made of, for one instruction set. Every function gives the same bits in each of
/// them: the order of additions is fixed by lengths and absolute positions, multiplications are fused where
/// written.
struct kernel_table {
  /// out[token][16] = a panel times `count` rows. Sums run over the columns (or their blocks) in order.
  using panel = void (*)(const std::byte* panel, std::size_t columns, const tile_input& x, std::size_t count,
                         float* out);
  panel panels[packed_kinds];

  /// h[token][8] = scale * eight rows of A times `count` rows of x; columns are a multiple of four.
  void (*shrink)(const std::uint16_t* down, std::size_t columns, const float* x, std::size_t stride,
                 std::size_t count, float scale, float* hidden, std::size_t hidden_stride);
  /// out[token][16] += sixteen rows of B times h; an even rank.
  void (*expand)(const std::uint16_t* up, std::size_t rank, const float* hidden, std::size_t hidden_stride,
                 std::size_t count, float* out);

  void (*attend)(const attention_tile& tile);

  /// Columns are padded: what lies beyond the last stays zero since the scale is zero there.
  void (*normalise_rms)(const float* x, const float* scale, double epsilon, std::size_t columns, float* y);
  void (*normalise_mean)(const float* x, const float* scale, const float* shift, double epsilon,
                         std::size_t columns, float* y);
  /// To the nearest of 255 levels of each block, as Q8_0 does: row `token` of a tile.
  void (*quantise)(const float* x, std::size_t blocks, int8_tile_block* tile, std::size_t token);
  /// Of numbers that are a multiple of sixteen: up = silu(gate) * up; x = gelu(x), by tanh.
  void (*gate)(const float* gate, float* up, std::size_t count);
  void (*gelu)(float* x, std::size_t count);
  /// To half precision, what is too large to the largest.
  void (*to_f16)(const float* x, std::size_t count, std::uint16_t* out);
};

const kernel_table& kernels_of(instruction_set set) noexcept;

extern const kernel_table portable_kernels;
extern const kernel_table avx2_kernels;
extern const kernel_table avx512_kernels;

} // namespace troupe::kernels
