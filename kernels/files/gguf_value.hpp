#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <variant>
#include <vector>

namespace troupe::kernels {

/// Types of GGUF metadata, by their numbers in the file.
enum class gguf_type : std::uint32_t {
  u8 = 0,
  i8 = 1,
  u16 = 2,
  i16 = 3,
  u32 = 4,
  i32 = 5,
  f32 = 6,
  boolean = 7,
  text = 8,
  array = 9,
  u64 = 10,
  i64 = 11,
  f64 = 12
};

std::string_view name_of(gguf_type type) noexcept;

/// Bytes of one value; 0 for texts and arrays, whose size the file says.
std::size_t size_of(gguf_type type) noexcept;

/// Numbers stay as they lie in the file; texts are views into it.
struct gguf_array {
  gguf_type of = gguf_type::u8;
  std::uint64_t count = 0;
  std::span<const std::byte> raw;      // of numbers and booleans, little endian
  std::vector<std::string_view> texts; // of texts
};

struct gguf_value {
  gguf_type type = gguf_type::u8;
  std::variant<std::uint64_t, std::int64_t, double, bool, std::string_view, gguf_array> value;
};

} // namespace troupe::kernels
