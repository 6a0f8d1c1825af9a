#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <span>

namespace troupe::kernels {

/// Sizes from files are multiplied and added before anybody can know whether they are true.
template<std::unsigned_integral Number>
std::optional<Number> checked_multiply(Number a, Number b) noexcept {
  Number product{};
  if (__builtin_mul_overflow(a, b, &product))
    return std::nullopt;
  return product;
}

template<std::unsigned_integral Number>
std::optional<Number> checked_add(Number a, Number b) noexcept {
  Number sum{};
  if (__builtin_add_overflow(a, b, &sum))
    return std::nullopt;
  return sum;
}

/// The number of elements of a shape; 1 for a scalar, nothing if 64 bits cannot hold it.
inline std::optional<std::uint64_t> element_count(std::span<const std::uint64_t> shape) noexcept {
  std::optional<std::uint64_t> count = 1;
  bool empty = false;
  for (const auto extent : shape) {
    if (extent == 0) {
      empty = true;
      continue;
    }
    count = checked_multiply(*count, extent);
    if (!count)
      return std::nullopt;
  }
  return empty ? 0 : count;
}

} // namespace troupe::kernels
