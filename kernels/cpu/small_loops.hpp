#pragma once

#include <cstddef>
#include <cstdint>

// Among them what the standard library has as templates: those would be linked into sources for other
// machines.
namespace troupe::kernels {
namespace {

constexpr std::uint32_t less_of(std::uint32_t a, std::uint32_t b) { return a < b ? a : b; }
constexpr std::uint32_t more_of(std::uint32_t a, std::uint32_t b) { return a > b ? a : b; }
std::uint32_t least(const std::uint32_t* of, std::size_t count) {
  auto found = of[0];
  for (std::size_t i = 1; i < count; ++i)
    found = less_of(found, of[i]);
  return found;
}
std::uint32_t most(const std::uint32_t* of, std::size_t count) {
  auto found = of[0];
  for (std::size_t i = 1; i < count; ++i)
    found = more_of(found, of[i]);
  return found;
}
void fill(float* from, const float* end, float value) {
  for (; from != end; ++from)
    *from = value;
}

/// Brings memory nearer that is read soon; nothing happens where there is none.
inline void ask_for(const void* from, std::size_t bytes) {
  const auto* at = static_cast<const char*>(from);
  for (std::size_t i = 0; i < bytes; i += 64)
    __builtin_prefetch(at + i, 0, 2);
}

} // namespace
} // namespace troupe::kernels
