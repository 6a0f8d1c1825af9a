#pragma once

#include "kernels/base/result.hpp"
#include "kernels/files/dtype.hpp"

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace troupe::kernels {

/// What floats can be stored as: F32, F16, BF16, Q8_0, Q4_0; blocks are those that ggml's own (reference)
/// quantiser makes, bit for bit.
bool can_quantize_to(dtype type) noexcept;

/// `values` is a whole number of blocks, and the kind is one that can be written.
std::vector<std::byte> quantize(dtype type, std::span<const float> values);

} // namespace troupe::kernels
