#pragma once

#include "kernels/model/weights.hpp"

#include <cstdint>

namespace troupe::kernels {

/// What a model takes while it runs, in bytes.
struct memory_need {
  std::uint64_t weights = 0;  // as they are stored: mapped, but useless unless they stay in memory
  std::uint64_t cache = 0;    // keys and values of all sequences
  std::uint64_t adapters = 0; // in float32
  std::uint64_t sum() const noexcept { return weights + cache + adapters; }
};

/// Float32 keys and values of one position.
std::uint64_t cache_bytes_per_position(const model_shape& shape);

/// Refuses, before anything is computed, what does not fit, and says what the sum consists of.
result<done> check_fits(const memory_need& need, std::uint64_t available);

/// What this process may still take: of the machine, and of the group it is confined to. Nothing when the
/// system does not say.
result<std::uint64_t> available_memory();

/// "3.2 GiB"
std::string text_of_bytes(std::uint64_t bytes);

} // namespace troupe::kernels
