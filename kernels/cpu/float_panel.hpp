#pragma once

#include "kernels/cpu/kernel_table.hpp"
#include "kernels/cpu/small_loops.hpp"

// Panels of floats, whole or half, and the two halves of LoRA; written once over the lanes that the including
// source has chosen.
namespace troupe::kernels {
namespace {

struct whole {
  using stored = float;
  static lanes::floats load(const float* from) { return lanes::load(from); }
};
struct half_precision {
  using stored = std::uint16_t;
  static lanes::floats load(const std::uint16_t* from) { return lanes::load_f16(from); }
};
struct brain {
  using stored = std::uint16_t;
  static lanes::floats load(const std::uint16_t* from) { return lanes::load_bf16(from); }
};

/// One fused multiply-add for each column, in order.
template<class Kind, std::size_t Count>
void float_tile(const std::byte* panel, std::size_t columns, const tile_input& x, float* out) {
  const auto* weights = reinterpret_cast<const typename Kind::stored*>(panel);
  lanes::floats sums[Count];
#pragma GCC unroll 8
  for (std::size_t token = 0; token < Count; ++token)
    sums[token] = lanes::zero();
  for (std::size_t column = 0; column < columns; ++column) {
    const auto w = Kind::load(weights + column * panel_rows);
#pragma GCC unroll 8
    for (std::size_t token = 0; token < Count; ++token)
      sums[token] = lanes::fma(w, lanes::all(x.floats[token * x.stride + column]), sums[token]);
  }
#pragma GCC unroll 8
  for (std::size_t token = 0; token < Count; ++token)
    lanes::store(out + token * panel_rows, sums[token]);
}

template<class Kind>
void float_panel(const std::byte* panel, std::size_t columns, const tile_input& x, std::size_t count,
                 float* out) {
  using tile = void (*)(const std::byte*, std::size_t, const tile_input&, float*);
  static constexpr tile tiles[token_tile] = {float_tile<Kind, 1>, float_tile<Kind, 2>, float_tile<Kind, 3>,
                                             float_tile<Kind, 4>, float_tile<Kind, 5>, float_tile<Kind, 6>,
                                             float_tile<Kind, 7>, float_tile<Kind, 8>};
  tiles[count - 1](panel, columns, x, out);
}

constexpr std::size_t lora_tile = 4; // tokens

/// Eight rows of A, four of whose columns are one 64-bit lane: columns 0 and 1 are the lower halves of its
/// two floats, 2 and 3 the upper ones. So no register is summed across until the end.
template<std::size_t Count>
void shrink_tile(const std::uint16_t* down, std::size_t columns, const float* x, std::size_t stride,
                 float scale, float* hidden, std::size_t hidden_stride) {
  lanes::floats lower[Count], upper[Count];
#pragma GCC unroll 4
  for (std::size_t token = 0; token < Count; ++token)
    lower[token] = upper[token] = lanes::zero();
  for (std::size_t column = 0; column < columns; column += 4) {
    const auto a = lanes::load_bf16_even(down + column * 8);
    const auto b = lanes::load_bf16_odd(down + column * 8);
#pragma GCC unroll 4
    for (std::size_t token = 0; token < Count; ++token) {
      const float* at = x + token * stride + column;
      lower[token] = lanes::fma(a, lanes::pairs(at), lower[token]);
      upper[token] = lanes::fma(b, lanes::pairs(at + 2), upper[token]);
    }
  }
#pragma GCC unroll 4
  for (std::size_t token = 0; token < Count; ++token) {
    float both[panel_rows];
    lanes::store(both, lanes::add(lower[token], upper[token]));
    for (std::size_t r = 0; r < 8; ++r)
      hidden[token * hidden_stride + r] = scale * (both[2 * r] + both[2 * r + 1]);
  }
}

void shrink(const std::uint16_t* down, std::size_t columns, const float* x, std::size_t stride,
            std::size_t count, float scale, float* hidden, std::size_t hidden_stride) {
  using tile =
      void (*)(const std::uint16_t*, std::size_t, const float*, std::size_t, float, float*, std::size_t);
  static constexpr tile tiles[lora_tile] = {shrink_tile<1>, shrink_tile<2>, shrink_tile<3>, shrink_tile<4>};
  for (std::size_t first = 0; first < count; first += lora_tile) {
    const auto now = count - first < lora_tile ? count - first : lora_tile;
    tiles[now - 1](down, columns, x + first * stride, stride, scale, hidden + first * hidden_stride,
                   hidden_stride);
  }
}

/// Sixteen rows of B, two of whose ranks are one lane.
template<std::size_t Count>
void expand_tile(const std::uint16_t* up, std::size_t rank, const float* hidden, std::size_t hidden_stride,
                 float* out) {
  lanes::floats even[Count], odd[Count];
#pragma GCC unroll 4
  for (std::size_t token = 0; token < Count; ++token)
    even[token] = odd[token] = lanes::zero();
  for (std::size_t r = 0; r < rank; r += 2) {
    ask_for(up + (rank + r) * panel_rows,
            64); // the next panel's: of many adapters the machine guesses nothing
    const auto a = lanes::load_bf16_even(up + r * panel_rows);
    const auto b = lanes::load_bf16_odd(up + r * panel_rows);
#pragma GCC unroll 4
    for (std::size_t token = 0; token < Count; ++token) {
      even[token] = lanes::fma(a, lanes::all(hidden[token * hidden_stride + r]), even[token]);
      odd[token] = lanes::fma(b, lanes::all(hidden[token * hidden_stride + r + 1]), odd[token]);
    }
  }
#pragma GCC unroll 4
  for (std::size_t token = 0; token < Count; ++token) {
    float* at = out + token * panel_rows;
    lanes::store(at, lanes::add(lanes::load(at), lanes::add(even[token], odd[token])));
  }
}

void expand(const std::uint16_t* up, std::size_t rank, const float* hidden, std::size_t hidden_stride,
            std::size_t count, float* out) {
  using tile = void (*)(const std::uint16_t*, std::size_t, const float*, std::size_t, float*);
  static constexpr tile tiles[lora_tile] = {expand_tile<1>, expand_tile<2>, expand_tile<3>, expand_tile<4>};
  for (std::size_t first = 0; first < count; first += lora_tile) {
    const auto now = count - first < lora_tile ? count - first : lora_tile;
    tiles[now - 1](up, rank, hidden + first * hidden_stride, hidden_stride, out + first * panel_rows);
  }
}

} // namespace
} // namespace troupe::kernels
