#pragma once

#include "kernels/cpu/kernel_table.hpp"

#include <cmath>

// Norms, activations and roundings of rows; written once over the lanes that the including source has chosen.
namespace troupe::kernels {
namespace {

/// To a unit in the last place or two: 2^n * e^r with |r| <= ln(2) / 2. Zero below the normal numbers.
lanes::floats exponential(lanes::floats x) {
  const auto lowest = lanes::all(-87.0f);
  const auto shifter = lanes::all(12'582'912.0f); // 1.5 * 2^23: its last bit is a one
  const auto clamped = lanes::smaller(lanes::larger(x, lowest), lanes::all(88.0f));
  const auto n = lanes::fma(clamped, lanes::all(1.44269504088896341f), shifter);
  const auto whole = lanes::subtract(n, shifter);
  auto r = lanes::fma(whole, lanes::all(-0.693145751953125f), clamped);
  r = lanes::fma(whole, lanes::all(-1.42860677e-06f), r);
  auto sum = lanes::all(1.0f / 5040);
  for (const float term : {1.0f / 720, 1.0f / 120, 1.0f / 24, 1.0f / 6, 0.5f, 1.0f, 1.0f})
    sum = lanes::fma(sum, r, lanes::all(term));
  return lanes::zero_unless_less(lowest, x, lanes::times_power(sum, n));
}

float sum_of_squares(const float* x, std::size_t columns) {
  auto sums = lanes::zero();
  for (std::size_t i = 0; i < columns; i += panel_rows) {
    const auto value = lanes::load(x + i);
    sums = lanes::fma(value, value, sums);
  }
  return lanes::sum(sums);
}

float inverse_deviation(float squares, std::size_t columns, double epsilon) {
  return 1.0f / std::sqrt(squares / static_cast<float>(columns) + static_cast<float>(epsilon));
}

void normalise_rms(const float* x, const float* scale, double epsilon, std::size_t columns, float* y) {
  const auto all = padded(columns);
  const auto inverse = lanes::all(inverse_deviation(sum_of_squares(x, all), columns, epsilon));
  for (std::size_t i = 0; i < all; i += panel_rows)
    lanes::store(y + i,
                 lanes::multiply(lanes::multiply(lanes::load(x + i), inverse), lanes::load(scale + i)));
}

void normalise_mean(const float* x, const float* scale, const float* shift, double epsilon,
                    std::size_t columns, float* y) {
  const auto all = padded(columns);
  auto sums = lanes::zero();
  for (std::size_t i = 0; i < all; i += panel_rows)
    sums = lanes::add(sums, lanes::load(x + i));
  const auto mean = lanes::all(lanes::sum(sums) / static_cast<float>(columns));
  for (std::size_t i = 0; i < all; i += panel_rows)
    lanes::store(y + i, lanes::subtract(lanes::load(x + i), mean));
  for (std::size_t i = columns; i < all; ++i)
    y[i] = 0;
  const auto inverse = lanes::all(inverse_deviation(sum_of_squares(y, all), columns, epsilon));
  for (std::size_t i = 0; i < all; i += panel_rows)
    lanes::store(y + i, lanes::add(lanes::multiply(lanes::multiply(lanes::load(y + i), inverse),
                                                   lanes::load(scale + i)),
                                   lanes::load(shift + i)));
}

void quantise(const float* x, std::size_t blocks, int8_tile_block* tile, std::size_t token) {
  for (std::size_t b = 0; b < blocks; ++b) {
    const auto first = lanes::load(x + b * int8_block);
    const auto second = lanes::load(x + b * int8_block + panel_rows);
    const float largest = lanes::largest(lanes::larger(lanes::magnitude(first), lanes::magnitude(second)));
    const auto inverse = lanes::all(largest > 0 ? 127.0f / largest : 0.0f);
    auto& into = tile[b];
    const auto half = lanes::store_bytes(into.numbers[token], lanes::multiply(first, inverse));
    const auto sum =
        half + lanes::store_bytes(into.numbers[token] + panel_rows, lanes::multiply(second, inverse));
    into.scales[token] = largest / 127.0f;
    into.totals[token] = into.scales[token] * static_cast<float>(sum);
    into.biases[token] = -128 * sum;
    into.half_biases[token] = -128 * half;
  }
}

void gate(const float* gate, float* up, std::size_t count) {
  const auto one = lanes::all(1);
  for (std::size_t i = 0; i < count; i += panel_rows) {
    const auto x = lanes::load(gate + i);
    const auto share = lanes::add(one, exponential(lanes::subtract(lanes::zero(), x)));
    lanes::store(up + i, lanes::multiply(lanes::load(up + i), lanes::divide(x, share)));
  }
}

/// x / 2 * (1 + tanh(u)) = x * (1 - 1 / (e^2u + 1))
void gelu(float* x, std::size_t count) {
  const auto one = lanes::all(1);
  for (std::size_t i = 0; i < count; i += panel_rows) {
    const auto value = lanes::load(x + i);
    const auto square = lanes::multiply(value, value);
    const auto inner = lanes::fma(lanes::multiply(lanes::all(0.044715f), square), value, value);
    const auto power = exponential(lanes::multiply(lanes::all(2 * 0.7978845608028654f), inner));
    lanes::store(x + i,
                 lanes::multiply(value, lanes::subtract(one, lanes::divide(one, lanes::add(power, one)))));
  }
}

void to_f16(const float* x, std::size_t count, std::uint16_t* out) {
  constexpr float largest = 65'504;
  for (std::size_t i = 0; i < count; i += panel_rows)
    lanes::store_f16(out + i, lanes::smaller(lanes::larger(lanes::load(x + i), lanes::all(-largest)),
                                             lanes::all(largest)));
}

} // namespace
} // namespace troupe::kernels
