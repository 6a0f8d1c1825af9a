#pragma once

#include "kernels/cpu/kernel_table.hpp"
#include "kernels/cpu/small_loops.hpp"

// Panels of bytes, written once over the lanes that the including source has chosen.
namespace troupe::kernels {
namespace {

constexpr std::size_t groups = int8_block / 4;      // of four columns
constexpr std::size_t group_bytes = panel_rows * 4; // one register

struct byte_numbers {
  static constexpr std::size_t block_bytes = groups * group_bytes;
  static void load(const std::uint8_t* from, lanes::bytes (&w)[groups]) {
#pragma GCC unroll 8
    for (std::size_t g = 0; g < groups; ++g)
      w[g] = lanes::load_bytes(from + g * group_bytes);
  }
  static lanes::ints start(std::int32_t bias) { return lanes::start_biased(bias); }
  static lanes::ints dot(lanes::ints sum, lanes::bytes w, const std::int8_t* x) {
    return lanes::dot_biased(sum, w, x);
  }
};

struct nibble_numbers {
  static constexpr std::size_t block_bytes = groups / 2 * group_bytes;
  static void load(const std::uint8_t* from, lanes::bytes (&w)[groups]) {
#pragma GCC unroll 4
    for (std::size_t g = 0; g < groups / 2; ++g) {
      w[g] = lanes::low_halves(from + g * group_bytes);
      w[g + groups / 2] = lanes::high_halves(from + g * group_bytes);
    }
  }
  static lanes::ints start(std::int32_t bias) { return lanes::start_sixteenth(bias); }
  static lanes::ints dot(lanes::ints sum, lanes::bytes w, const std::int8_t* x) {
    return lanes::dot_small(sum, w, x);
  }
};

/// What a block adds to the sum of a token, by how its scales are stored.
template<class Numbers>
struct half_scale {
  static constexpr std::size_t block_bytes = panel_rows * 2;
  lanes::floats scale;
  explicit half_scale(const std::byte* at)
      : scale(lanes::load_f16(reinterpret_cast<const std::uint16_t*>(at))) {}

  lanes::floats add(lanes::floats sum, const lanes::bytes (&w)[groups], const int8_tile_block& x,
                    std::size_t token) const {
    auto dot = Numbers::start(x.biases[token]);
#pragma GCC unroll 8
    for (std::size_t g = 0; g < groups; ++g)
      dot = Numbers::dot(dot, w[g], x.numbers[token] + g * 4);
    return lanes::fma(lanes::to_floats(dot), lanes::multiply(scale, lanes::all(x.scales[token])), sum);
  }
};

struct with_minimum {
  static constexpr std::size_t block_bytes = panel_rows * 8;
  lanes::floats scale;
  lanes::floats minimum;
  explicit with_minimum(const std::byte* at)
      : scale(lanes::load(reinterpret_cast<const float*>(at)))
      , minimum(lanes::load(reinterpret_cast<const float*>(at) + panel_rows)) {}

  lanes::floats add(lanes::floats sum, const lanes::bytes (&w)[groups], const int8_tile_block& x,
                    std::size_t token) const {
    auto dot = lanes::start(0);
#pragma GCC unroll 8
    for (std::size_t g = 0; g < groups; ++g)
      dot = lanes::dot_small(dot, w[g], x.numbers[token] + g * 4);
    sum = lanes::fma(lanes::to_floats(dot), lanes::multiply(scale, lanes::all(x.scales[token])), sum);
    return lanes::fma(minimum, lanes::all(x.totals[token]), sum);
  }
};

struct scale_of_sixteen {
  static constexpr std::size_t block_bytes = panel_rows * 8;
  lanes::floats first;
  lanes::floats second;
  explicit scale_of_sixteen(const std::byte* at)
      : first(lanes::load(reinterpret_cast<const float*>(at)))
      , second(lanes::load(reinterpret_cast<const float*>(at) + panel_rows)) {}

  lanes::floats add(lanes::floats sum, const lanes::bytes (&w)[groups], const int8_tile_block& x,
                    std::size_t token) const {
    auto early = lanes::start_biased(x.half_biases[token]);
    auto late = lanes::start_biased(x.biases[token] - x.half_biases[token]);
#pragma GCC unroll 4
    for (std::size_t g = 0; g < groups / 2; ++g) {
      early = lanes::dot_biased(early, w[g], x.numbers[token] + g * 4);
      late = lanes::dot_biased(late, w[g + groups / 2], x.numbers[token] + (g + groups / 2) * 4);
    }
    const auto level = lanes::all(x.scales[token]);
    sum = lanes::fma(lanes::to_floats(early), lanes::multiply(first, level), sum);
    return lanes::fma(lanes::to_floats(late), lanes::multiply(second, level), sum);
  }
};

/// For each block in order: sum = fma(float(exact integer dot), weight scale * activation scale, sum). The
/// number of tokens is known to the compiler, so that their sums stay in registers.
template<class Numbers, class Scales, std::size_t Count>
void int8_tile(const std::byte* panel, std::size_t blocks, const tile_input& input, float* out) {
  const auto* x = input.blocks;
  const auto* ahead = input.ahead;
  const auto* numbers = reinterpret_cast<const std::uint8_t*>(panel);
  const auto* scales = panel + blocks * Numbers::block_bytes;
  lanes::floats sums[Count];
#pragma GCC unroll 8
  for (std::size_t token = 0; token < Count; ++token)
    sums[token] = lanes::zero();
  for (std::size_t b = 0; b < blocks; ++b) {
    lanes::bytes w[groups];
    Numbers::load(numbers + b * Numbers::block_bytes, w);
    const Scales by(scales + b * Scales::block_bytes);
    if (ahead)
      ask_for(ahead + b * (Numbers::block_bytes + Scales::block_bytes),
              Numbers::block_bytes + Scales::block_bytes);
#pragma GCC unroll 8
    for (std::size_t token = 0; token < Count; ++token)
      sums[token] = by.add(sums[token], w, x[b], token);
  }
#pragma GCC unroll 8
  for (std::size_t token = 0; token < Count; ++token)
    lanes::store(out + token * panel_rows, sums[token]);
}

template<class Numbers, class Scales>
void int8_panel(const std::byte* panel, std::size_t columns, const tile_input& x, std::size_t count,
                float* out) {
  using tile = void (*)(const std::byte*, std::size_t, const tile_input&, float*);
  static constexpr tile tiles[token_tile] = {int8_tile<Numbers, Scales, 1>, int8_tile<Numbers, Scales, 2>,
                                             int8_tile<Numbers, Scales, 3>, int8_tile<Numbers, Scales, 4>,
                                             int8_tile<Numbers, Scales, 5>, int8_tile<Numbers, Scales, 6>,
                                             int8_tile<Numbers, Scales, 7>, int8_tile<Numbers, Scales, 8>};
  tiles[count - 1](panel, columns / int8_block, x, out);
}

} // namespace
} // namespace troupe::kernels
