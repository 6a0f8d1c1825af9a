#include "kernels/cpu/packed_matrix.hpp"

#include "kernels/base/result.hpp"
#include "kernels/cpu/stored_block.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

namespace troupe::kernels {

namespace {

constexpr std::size_t alignment = 64;
constexpr std::size_t groups = int8_block / 4;

bool is_nibbles(packed_kind kind) { return kind == packed_kind::nibbles || kind == packed_kind::nibbles_min; }
bool has_half_scales(packed_kind kind) { return kind == packed_kind::bytes || kind == packed_kind::nibbles; }

std::size_t number_bytes(packed_kind kind) { return panel_rows * int8_block / (is_nibbles(kind) ? 2 : 1); }
std::size_t scale_bytes(packed_kind kind) { return panel_rows * (has_half_scales(kind) ? 2 : 8); }

std::size_t bytes_of_panel(packed_kind kind, std::size_t columns) {
  if (kind == packed_kind::f32)
    return columns * panel_rows * sizeof(float);
  if (kind >= packed_kind::f16)
    return columns * panel_rows * sizeof(std::uint16_t);
  const auto bytes = columns / int8_block * (number_bytes(kind) + scale_bytes(kind));
  return (bytes + alignment - 1) / alignment * alignment;
}

/// For each four columns the sixteen rows' four bytes side by side, which is what vpdpbusd takes. The second
/// half of a block lies in the upper nibbles of the first.
void put_numbers(const stored_block& from, packed_kind kind, std::byte* block, std::size_t lane) {
  for (std::size_t i = 0; i < int8_block; ++i) {
    const auto group = i / 4;
    const std::byte number{from.numbers[i]};
    if (!is_nibbles(kind))
      block[(group * panel_rows + lane) * 4 + i % 4] = number;
    else
      block[(group % (groups / 2) * panel_rows + lane) * 4 + i % 4] |=
          group < groups / 2 ? number : number << 4;
  }
}

void put_scales(const stored_block& from, packed_kind kind, std::byte* scales, std::size_t lane) {
  if (has_half_scales(kind)) {
    std::memcpy(scales + lane * 2, &from.half_scale, 2);
    return;
  }
  std::memcpy(scales + lane * 4, &from.scale, 4);
  std::memcpy(scales + (panel_rows + lane) * 4, &from.second, 4);
}

} // namespace

packed_matrix::packed_matrix(const matrix& from, thread_team& team)
    : rows_(static_cast<std::size_t>(from.rows()))
    , columns_(static_cast<std::size_t>(from.columns())) {
  const auto how = packing_of(from.type());
  ensure(how.has_value(), "what is packed are weights");
  kind_ = how->kind;
  panel_bytes_ = bytes_of_panel(kind_, columns_);
  data_ = memory_block(panels() * panel_bytes_);
  team.share(panels(),
             [&](std::size_t panel) { how->read ? pack_blocks(from, panel) : pack_floats(from, panel); });
}

void packed_matrix::pack_blocks(const matrix& from, std::size_t panel) {
  const auto read = packing_of(from.type())->read;
  const auto blocks = columns_ / int8_block;
  auto* numbers = data_.data() + panel * panel_bytes_;
  auto* scales = numbers + blocks * number_bytes(kind_);
  stored_block block;
  for (std::size_t row = panel * panel_rows; row < std::min(rows_, (panel + 1) * panel_rows); ++row) {
    const auto* stored = from.stored_row(row).data();
    for (std::size_t b = 0; b < blocks; ++b) {
      read(stored, b, block);
      put_numbers(block, kind_, numbers + b * number_bytes(kind_), row % panel_rows);
      put_scales(block, kind_, scales + b * scale_bytes(kind_), row % panel_rows);
    }
  }
}

void packed_matrix::pack_floats(const matrix& from, std::size_t panel) {
  const std::size_t size = kind_ == packed_kind::f32 ? 4 : 2;
  std::vector<float> scratch(columns_);
  auto* into = data_.data() + panel * panel_bytes_;
  for (std::size_t row = panel * panel_rows; row < std::min(rows_, (panel + 1) * panel_rows); ++row) {
    const auto* stored =
        size == 4 ? std::as_bytes(from.row(row, scratch)).data() : from.stored_row(row).data();
    for (std::size_t column = 0; column < columns_; ++column)
      std::memcpy(into + (column * panel_rows + row % panel_rows) * size, stored + column * size, size);
  }
}

} // namespace troupe::kernels
