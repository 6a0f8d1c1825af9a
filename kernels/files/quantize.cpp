#include "kernels/files/quantize.hpp"

#include "kernels/base/half.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

namespace troupe::kernels {

namespace {

void put_half(std::byte* at, std::uint16_t bits) { std::memcpy(at, &bits, sizeof bits); }

using block_encoder = void (*)(const float* values, std::byte* block);

void f32_block(const float* values, std::byte* block) { std::memcpy(block, values, sizeof *values); }
void f16_block(const float* values, std::byte* block) { put_half(block, f16_of_float(*values)); }
void bf16_block(const float* values, std::byte* block) { put_half(block, bf16_of_float(*values)); }

void q8_0_block(const float* values, std::byte* block) {
  float largest = 0;
  for (int i = 0; i < 32; ++i)
    largest = std::max(largest, std::fabs(values[i]));
  const float scale = largest / 127.0f;
  const float inverse = scale != 0 ? 1.0f / scale : 0.0f;
  put_half(block, f16_of_float(scale));
  for (int i = 0; i < 32; ++i)
    block[2 + i] = static_cast<std::byte>(static_cast<std::int8_t>(std::round(values[i] * inverse)));
}

/// The value of largest magnitude becomes -8, which has no positive counterpart in four bits.
void q4_0_block(const float* values, std::byte* block) {
  float extreme = 0;
  for (int i = 0; i < 32; ++i)
    if (std::fabs(values[i]) > std::fabs(extreme))
      extreme = values[i];
  const float scale = extreme / -8.0f;
  const float inverse = scale != 0 ? 1.0f / scale : 0.0f;
  put_half(block, f16_of_float(scale));
  const auto level = [inverse](float value) {
    return std::min(15, static_cast<int>(static_cast<std::int8_t>(value * inverse + 8.5f)));
  };
  for (int i = 0; i < 16; ++i)
    block[2 + i] = static_cast<std::byte>(level(values[i]) | (level(values[i + 16]) << 4));
}

block_encoder encoder_of(dtype type) noexcept {
  switch (type) {
  case dtype::f32:
    return f32_block;
  case dtype::f16:
    return f16_block;
  case dtype::bf16:
    return bf16_block;
  case dtype::q8_0:
    return q8_0_block;
  case dtype::q4_0:
    return q4_0_block;
  default:
    return nullptr;
  }
}

} // namespace

bool can_quantize_to(dtype type) noexcept { return encoder_of(type) != nullptr; }

std::vector<std::byte> quantize(dtype type, std::span<const float> values) {
  const auto encode = encoder_of(type);
  const auto size = bytes_of(type, values.size());
  ensure(encode != nullptr && size.has_value(), "whole blocks of a kind that can be written");
  std::vector<std::byte> bytes(*size);
  const auto& layout = layout_of(type);
  for (std::size_t block = 0; block * layout.block_elements < values.size(); ++block)
    encode(values.data() + block * layout.block_elements, bytes.data() + block * layout.block_bytes);
  return bytes;
}

} // namespace troupe::kernels
