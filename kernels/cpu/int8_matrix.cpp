#include "kernels/cpu/int8_matrix.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace troupe::kernels {

namespace {

/// One stored block as bytes around zero and its scale.
struct plain_block {
  std::int8_t numbers[int8_block];
  std::uint16_t scale;
};

plain_block read_q8_0(const std::byte* at) {
  plain_block block;
  std::memcpy(&block.scale, at, 2);
  std::memcpy(block.numbers, at + 2, int8_block);
  return block;
}

plain_block read_q4_0(const std::byte* at) {
  plain_block block;
  std::memcpy(&block.scale, at, 2);
  for (std::size_t i = 0; i < int8_block / 2; ++i) {
    const auto pair = std::to_integer<int>(at[2 + i]);
    block.numbers[i] = static_cast<std::int8_t>((pair & 0xf) - 8);
    block.numbers[i + int8_block / 2] = static_cast<std::int8_t>((pair >> 4) - 8);
  }
  return block;
}

void put(const plain_block& from, int8_panel_block& into, std::size_t lane) {
  into.scales[lane] = from.scale;
  for (std::size_t i = 0; i < int8_block; ++i)
    into.numbers[i / 4][lane][i % 4] = static_cast<std::uint8_t>(from.numbers[i] + 128);
}

} // namespace

std::optional<int8_matrix> int8_matrix::pack(const matrix& from) {
  const auto read = from.type() == dtype::q8_0 ? read_q8_0 : from.type() == dtype::q4_0 ? read_q4_0 : nullptr;
  if (!read)
    return std::nullopt;
  const auto stored = layout_of(from.type()).block_bytes;
  int8_matrix packed(static_cast<std::size_t>(from.rows()),
                     static_cast<std::size_t>(from.columns()) / int8_block);
  for (std::size_t row = 0; row < packed.rows_; ++row) {
    const auto bytes = from.stored_row(row);
    auto* panel = &packed.data_[row / panel_rows * packed.blocks_];
    for (std::size_t block = 0; block < packed.blocks_; ++block)
      put(read(bytes.data() + block * stored), panel[block], row % panel_rows);
  }
  return packed;
}

void quantise_row(std::span<const float> from, int8_rows& into, std::size_t row) {
  for (std::size_t block = 0; block < into.blocks; ++block) {
    const auto values = from.subspan(block * int8_block, int8_block);
    float largest = 0;
    for (const float value : values)
      largest = std::max(largest, std::fabs(value));
    const float inverse = largest > 0 ? 127.0f / largest : 0.0f;
    const auto at = row * into.blocks + block;
    auto* out = into.numbers.data() + at * int8_block;
    std::int32_t sum = 0;
    for (std::size_t i = 0; i < int8_block; ++i) {
      out[i] = static_cast<std::int8_t>(std::lrint(values[i] * inverse));
      sum += out[i];
    }
    into.scales[at] = largest / 127.0f;
    into.offsets[at] = 128 * sum;
  }
}

} // namespace troupe::kernels
