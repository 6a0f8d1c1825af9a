#pragma once

#include "kernels/base/half.hpp"
#include "kernels/cpu/rows.hpp"

#include <bit>
#include <cmath>
#include <cstring>

// Sixteen lanes in plain C++. Everything here and in the headers of the other instruction sets is internal to
// the one source that includes it: code for other machines must not be linked into common functions.
namespace troupe::kernels {
namespace {

struct lanes {
  struct floats {
    float at[panel_rows];
  };
  struct ints {
    std::int32_t at[panel_rows];
  };

  template<class Make>
  static floats each(const Make& make) {
    floats made;
    for (std::size_t i = 0; i < panel_rows; ++i)
      made.at[i] = make(i);
    return made;
  }

  static floats zero() {
    return each([](std::size_t) { return 0.0f; });
  }
  static floats all(float value) {
    return each([=](std::size_t) { return value; });
  }
  static floats pairs(const float* from) {
    return each([=](std::size_t i) { return from[i % 2]; });
  }
  static floats load(const float* from) {
    return each([=](std::size_t i) { return from[i]; });
  }
  static floats load_f16(const std::uint16_t* from) {
    return each([=](std::size_t i) { return float_of_f16(from[i]); });
  }
  static floats load_bf16(const std::uint16_t* from) {
    return each([=](std::size_t i) { return float_of_bf16(from[i]); });
  }
  /// The first and the second of sixteen pairs.
  static floats load_bf16_even(const std::uint16_t* from) {
    return each([=](std::size_t i) { return float_of_bf16(from[2 * i]); });
  }
  static floats load_bf16_odd(const std::uint16_t* from) {
    return each([=](std::size_t i) { return float_of_bf16(from[2 * i + 1]); });
  }
  static void store(float* to, const floats& a) { std::memcpy(to, a.at, sizeof a.at); }
  static void store_f16(std::uint16_t* to, const floats& a) {
    for (std::size_t i = 0; i < panel_rows; ++i)
      to[i] = f16_of_float(a.at[i]);
  }

  static floats add(const floats& a, const floats& b) {
    return each([&](std::size_t i) { return a.at[i] + b.at[i]; });
  }
  static floats subtract(const floats& a, const floats& b) {
    return each([&](std::size_t i) { return a.at[i] - b.at[i]; });
  }
  static floats multiply(const floats& a, const floats& b) {
    return each([&](std::size_t i) { return a.at[i] * b.at[i]; });
  }
  static floats divide(const floats& a, const floats& b) {
    return each([&](std::size_t i) { return a.at[i] / b.at[i]; });
  }
  static floats fma(const floats& a, const floats& b, const floats& c) {
    return each([&](std::size_t i) { return std::fma(a.at[i], b.at[i], c.at[i]); });
  }
  /// Like the instruction: the second where one is no number.
  static floats larger(const floats& a, const floats& b) {
    return each([&](std::size_t i) { return a.at[i] > b.at[i] ? a.at[i] : b.at[i]; });
  }
  static floats smaller(const floats& a, const floats& b) {
    return each([&](std::size_t i) { return a.at[i] < b.at[i] ? a.at[i] : b.at[i]; });
  }
  static floats magnitude(const floats& a) {
    return each([&](std::size_t i) { return std::fabs(a.at[i]); });
  }
  /// `value` where a < b, else zero.
  static floats zero_unless_less(const floats& a, const floats& b, const floats& value) {
    return each([&](std::size_t i) { return a.at[i] < b.at[i] ? value.at[i] : 0.0f; });
  }
  /// Adds `n` to the exponents, n being the low bits of floats around 1.5 * 2^23.
  static floats times_power(const floats& a, const floats& n) {
    return each([&](std::size_t i) {
      return std::bit_cast<float>(std::bit_cast<std::uint32_t>(a.at[i]) +
                                  (std::bit_cast<std::uint32_t>(n.at[i]) << 23));
    });
  }

  /// Halves are added to halves until one lane is left, on every machine.
  static float sum(floats a) {
    for (std::size_t half = panel_rows / 2; half > 0; half /= 2)
      for (std::size_t i = 0; i < half; ++i)
        a.at[i] += a.at[i + half];
    return a.at[0];
  }
  static float largest(floats a) {
    for (std::size_t half = panel_rows / 2; half > 0; half /= 2)
      for (std::size_t i = 0; i < half; ++i)
        a.at[i] = a.at[i] > a.at[i + half] ? a.at[i] : a.at[i + half];
    return a.at[0];
  }

  /// To the nearest integers, ties to even, which fit a byte; returns their sum.
  static std::int32_t store_bytes(std::int8_t* to, const floats& a) {
    std::int32_t sum = 0;
    for (std::size_t i = 0; i < panel_rows; ++i) {
      to[i] = static_cast<std::int8_t>(std::lrint(a.at[i]));
      sum += to[i];
    }
    return sum;
  }

  static floats to_floats(const ints& a) {
    return each([&](std::size_t i) { return static_cast<float>(a.at[i]); });
  }

  /// Sixteen rows' four bytes side by side; those of `load_bytes` are numbers plus 128.
  struct bytes {
    std::uint8_t at[panel_rows][4];
  };
  static bytes load_bytes(const std::uint8_t* from) {
    bytes made;
    std::memcpy(made.at, from, sizeof made.at);
    return made;
  }
  static bytes low_halves(const std::uint8_t* from) {
    bytes made;
    for (std::size_t i = 0; i < panel_rows * 4; ++i)
      made.at[i / 4][i % 4] = from[i] & 0xf;
    return made;
  }
  static bytes high_halves(const std::uint8_t* from) {
    bytes made;
    for (std::size_t i = 0; i < panel_rows * 4; ++i)
      made.at[i / 4][i % 4] = static_cast<std::uint8_t>(from[i] >> 4);
    return made;
  }
  static ints start(std::int32_t value) {
    ints made;
    for (auto& lane : made.at)
      lane = value;
    return made;
  }
  /// What a dot of numbers plus 128 begins with, so that it ends with the numbers' dot.
  static ints start_biased(std::int32_t bias) { return start(bias); }
  static ints start_sixteenth(std::int32_t bias) { return start(bias / 16); }
  static ints dot_biased(ints sum, const bytes& w, const std::int8_t* x) { return dot_small(sum, w, x); }
  static ints dot_small(ints sum, const bytes& w, const std::int8_t* x) {
    for (std::size_t lane = 0; lane < panel_rows; ++lane)
      for (std::size_t i = 0; i < 4; ++i)
        sum.at[lane] += static_cast<std::int32_t>(w.at[lane][i]) * x[i];
    return sum;
  }
};

} // namespace
} // namespace troupe::kernels
