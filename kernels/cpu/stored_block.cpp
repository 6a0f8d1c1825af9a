#include "kernels/cpu/stored_block.hpp"

#include "kernels/files/block_parts.hpp"

namespace troupe::kernels {

namespace {

std::uint8_t low_nibble(const std::byte* at) { return static_cast<std::uint8_t>(byte_at(at) & 0xf); }
std::uint8_t high_nibble(const std::byte* at) { return static_cast<std::uint8_t>(byte_at(at) >> 4); }

void split_nibbles(const std::byte* from, stored_block& into) {
  for (std::size_t i = 0; i < 16; ++i) {
    into.numbers[i] = low_nibble(from + i);
    into.numbers[i + 16] = high_nibble(from + i);
  }
}

void add_fifths(const std::byte* from, stored_block& into) {
  const auto bits = fifth_bits(from);
  for (int i = 0; i < 32; ++i)
    into.numbers[i] = static_cast<std::uint8_t>(with_fifth(into.numbers[i], bits, i));
}

void read_q8_0(const std::byte* row, std::size_t index, stored_block& into) {
  const auto* at = row + index * 34;
  into.half_scale = half_at(at);
  for (std::size_t i = 0; i < int8_block; ++i)
    into.numbers[i] = static_cast<std::uint8_t>(signed_at(at + 2 + i) + 128);
}

void read_q4_0(const std::byte* row, std::size_t index, stored_block& into) {
  const auto* at = row + index * 18;
  into.half_scale = half_at(at);
  split_nibbles(at + 2, into);
}

void read_q4_1(const std::byte* row, std::size_t index, stored_block& into) {
  const auto* at = row + index * 20;
  into.scale = f16_at(at);
  into.second = f16_at(at + 2);
  split_nibbles(at + 4, into);
}

void read_q5_0(const std::byte* row, std::size_t index, stored_block& into) {
  const auto* at = row + index * 22;
  into.half_scale = half_at(at);
  split_nibbles(at + 6, into);
  add_fifths(at + 2, into);
  for (auto& number : into.numbers)
    number = static_cast<std::uint8_t>(number + 128 - 16);
}

void read_q5_1(const std::byte* row, std::size_t index, stored_block& into) {
  const auto* at = row + index * 24;
  into.scale = f16_at(at);
  into.second = f16_at(at + 2);
  split_nibbles(at + 8, into);
  add_fifths(at + 4, into);
}

void read_scales_of_k(const std::byte* at, int part, stored_block& into) {
  const auto own = packed_scale(at + 4, part);
  into.scale = f16_at(at) * static_cast<float>(own.scale);
  into.second = -(f16_at(at + 2) * static_cast<float>(own.least));
}

void read_q4_k(const std::byte* row, std::size_t index, stored_block& into) {
  const auto* at = row + index / 8 * 144;
  const int part = static_cast<int>(index % 8);
  read_scales_of_k(at, part, into);
  for (int i = 0; i < 32; ++i) {
    const auto* pair = at + 16 + part / 2 * 32 + i;
    into.numbers[i] = part % 2 == 0 ? low_nibble(pair) : high_nibble(pair);
  }
}

void read_q5_k(const std::byte* row, std::size_t index, stored_block& into) {
  const auto* at = row + index / 8 * 176;
  const int part = static_cast<int>(index % 8);
  read_scales_of_k(at, part, into);
  for (int i = 0; i < 32; ++i) {
    const auto* pair = at + 48 + part / 2 * 32 + i;
    const int nibble = part % 2 == 0 ? low_nibble(pair) : high_nibble(pair);
    into.numbers[i] = static_cast<std::uint8_t>(nibble | (((byte_at(at + 16 + i) >> part) & 1) << 4));
  }
}

void read_q6_k(const std::byte* row, std::size_t index, stored_block& into) {
  const auto* at = row + index / 8 * 210;
  const int half = static_cast<int>(index % 8) / 4;
  const int quarter = static_cast<int>(index % 4);
  const auto* low = at + half * 64 + quarter % 2 * 32;
  const auto* high = at + 128 + half * 32;
  for (int i = 0; i < 32; ++i) {
    const int nibble = quarter < 2 ? low_nibble(low + i) : high_nibble(low + i);
    const int top = (byte_at(high + i) >> (quarter * 2)) & 3;
    into.numbers[i] = static_cast<std::uint8_t>((nibble | (top << 4)) + 128 - 32);
  }
  const auto* scales = at + 192 + half * 8 + quarter * 2;
  into.scale = f16_at(at + 208) * static_cast<float>(signed_at(scales));
  into.second = f16_at(at + 208) * static_cast<float>(signed_at(scales + 1));
}

} // namespace

std::optional<packing> packing_of(dtype type) noexcept {
  switch (type) {
  case dtype::f32:
  case dtype::f64: // as everywhere: rounded to float
    return packing{packed_kind::f32, nullptr};
  case dtype::f16:
    return packing{packed_kind::f16, nullptr};
  case dtype::bf16:
    return packing{packed_kind::bf16, nullptr};
  case dtype::q8_0:
    return packing{packed_kind::bytes, read_q8_0};
  case dtype::q5_0:
    return packing{packed_kind::bytes, read_q5_0};
  case dtype::q4_0:
    return packing{packed_kind::nibbles, read_q4_0};
  case dtype::q4_1:
    return packing{packed_kind::nibbles_min, read_q4_1};
  case dtype::q4_k:
    return packing{packed_kind::nibbles_min, read_q4_k};
  case dtype::q5_1:
    return packing{packed_kind::bytes_min, read_q5_1};
  case dtype::q5_k:
    return packing{packed_kind::bytes_min, read_q5_k};
  case dtype::q6_k:
    return packing{packed_kind::bytes_sixteen, read_q6_k};
  default:
    return std::nullopt;
  }
}

} // namespace troupe::kernels
