#pragma once

#include "kernels/files/dtype.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace troupe::kernels {

/// A tensor in a mapped file. The bytes belong to the mapping: hold it as long as the view. No alignment is
/// promised.
struct tensor_view {
  dtype type = dtype::f32;
  std::vector<std::uint64_t> shape; // outermost first, as PyTorch writes it: {rows, columns}
  std::span<const std::byte> bytes;

  std::uint64_t elements() const noexcept;
};

/// "[320, 64]"
std::string text_of_shape(std::span<const std::uint64_t> shape);

} // namespace troupe::kernels
