#pragma once

#include "kernels/cpu/kernel_table.hpp"
#include "kernels/files/dtype.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace troupe::kernels {

/// Thirty-two stored numbers of a row as a kernel takes them, none of them rounded.
struct stored_block {
  std::uint8_t numbers[int8_block]; // from 0 up, or plus 128 or 8: see `packed_kind`
  float scale = 0;
  float second = 0; // the minimum, or the scale of the second sixteen
  std::uint16_t half_scale = 0;
};

/// Takes block `index` of a row apart.
using block_reader = void (*)(const std::byte* row, std::size_t index, stored_block& into);

/// The form that weights of this kind are packed in, and how their blocks are read; no reader for whole and
/// half floats, nothing for kinds that are no weights.
struct packing {
  packed_kind kind;
  block_reader read;
};
std::optional<packing> packing_of(dtype type) noexcept;

} // namespace troupe::kernels
