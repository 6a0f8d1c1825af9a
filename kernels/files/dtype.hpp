#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace troupe::kernels {

/// How the numbers of a tensor are stored. The q-kinds are blocks of numbers that share a scale.
enum class dtype : std::uint8_t {
  f32,
  f16,
  bf16,
  f64,
  i8,
  i16,
  i32,
  i64,
  u8,
  u16,
  u32,
  u64,
  boolean,
  q4_0,
  q4_1,
  q5_0,
  q5_1,
  q8_0,
  q4_k,
  q5_k,
  q6_k,
  other // known by name to its file format, but nothing we read
};

struct dtype_layout {
  std::string_view name;
  std::uint32_t block_elements; // a row is a whole number of blocks
  std::uint32_t block_bytes;    // 0: unknown
};

const dtype_layout& layout_of(dtype type) noexcept;
inline std::string_view name_of(dtype type) noexcept { return layout_of(type).name; }

/// What can be a weight: everything that `dequantize` turns into floats.
bool is_weight(dtype type) noexcept;

/// Nothing when 64 bits cannot hold it or the elements are no whole number of blocks.
std::optional<std::uint64_t> bytes_of(dtype type, std::uint64_t elements) noexcept;

/// The kinds by their numbers in GGUF files; `other` for those that we do not read.
dtype dtype_of_ggml(std::uint32_t number) noexcept;
std::optional<std::uint32_t> ggml_number(dtype type) noexcept;
std::string_view name_of_ggml(std::uint32_t number) noexcept;

/// The kinds by their names in safetensors files.
dtype dtype_of_safetensors(std::string_view name) noexcept;
std::optional<std::string_view> safetensors_name(dtype type) noexcept;

} // namespace troupe::kernels
