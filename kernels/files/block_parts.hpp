#pragma once

#include "kernels/base/half.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>

// What stored blocks are made of, for those who take them apart.
namespace troupe::kernels {

inline std::uint16_t half_at(const std::byte* at) {
  std::uint16_t bits = 0;
  std::memcpy(&bits, at, sizeof bits);
  return bits;
}

inline float f16_at(const std::byte* at) { return float_of_f16(half_at(at)); }

inline int byte_at(const std::byte* at) { return std::to_integer<int>(*at); }

inline int signed_at(const std::byte* at) { return static_cast<std::int8_t>(*at); }

/// The fifth bits of 32 numbers, one each.
inline std::uint32_t fifth_bits(const std::byte* at) {
  std::uint32_t bits = 0;
  std::memcpy(&bits, at, sizeof bits);
  return bits;
}

inline int with_fifth(int low, std::uint32_t bits, int index) {
  return low | static_cast<int>(((bits >> index) & 1u) << 4);
}

struct scale_and_least {
  int scale;
  int least;
};

/// Eight pairs of six bits in twelve bytes: the first four lie in the low six bits of bytes 0 to 7, the
/// others are put together from nibbles of bytes 8 to 11 and the high bits of the first eight.
inline scale_and_least packed_scale(const std::byte* packed, int index) {
  if (index < 4)
    return {byte_at(packed + index) & 63, byte_at(packed + index + 4) & 63};
  const int low = byte_at(packed + index + 4);
  return {(low & 0xf) | ((byte_at(packed + index - 4) >> 6) << 4),
          (low >> 4) | ((byte_at(packed + index) >> 6) << 4)};
}

} // namespace troupe::kernels
