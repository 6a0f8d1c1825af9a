#include "kernels/files/gguf_value.hpp"

namespace troupe::kernels {

std::string_view name_of(gguf_type type) noexcept {
  constexpr std::string_view names[] = {"u8",      "i8",   "u16",   "i16", "u32", "i32", "f32",
                                        "boolean", "text", "array", "u64", "i64", "f64"};
  return names[static_cast<std::uint32_t>(type)];
}

std::size_t size_of(gguf_type type) noexcept {
  constexpr std::size_t sizes[] = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
  return sizes[static_cast<std::uint32_t>(type)];
}

} // namespace troupe::kernels
