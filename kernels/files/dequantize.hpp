#pragma once

#include "kernels/files/dtype.hpp"

#include <cstddef>
#include <span>

namespace troupe::kernels {

/// The numbers that stored ones stand for, exactly as ggml computes them in float. `out` is a whole number of
/// blocks, and `bytes` are as many bytes as those need; the kind is a weight (is_weight).
void dequantize(dtype type, std::span<const std::byte> bytes, std::span<float> out);

} // namespace troupe::kernels
