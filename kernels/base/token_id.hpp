#pragma once

#include <cstdint>

namespace troupe::kernels {

/// A token's number, signed as files have it; none of a vocabulary is negative.
using token_id = std::int32_t;

} // namespace troupe::kernels
