#include "kernels/files/dequantize.hpp"

#include "kernels/base/result.hpp"
#include "kernels/files/block_parts.hpp"

#include <cstring>

namespace troupe::kernels {

namespace {

using block_decoder = void (*)(const std::byte* block, float* out);

void f16_block(const std::byte* block, float* out) { *out = f16_at(block); }

void bf16_block(const std::byte* block, float* out) { *out = float_of_bf16(half_at(block)); }

void f64_block(const std::byte* block, float* out) {
  double value = 0;
  std::memcpy(&value, block, sizeof value);
  *out = static_cast<float>(value);
}

// Nibbles: the low ones are the first half of a block, the high ones the second.

void q4_0_block(const std::byte* block, float* out) {
  const float scale = f16_at(block);
  for (int i = 0; i < 16; ++i) {
    const int pair = byte_at(block + 2 + i);
    out[i] = static_cast<float>((pair & 0xf) - 8) * scale;
    out[i + 16] = static_cast<float>((pair >> 4) - 8) * scale;
  }
}

void q4_1_block(const std::byte* block, float* out) {
  const float scale = f16_at(block);
  const float least = f16_at(block + 2);
  for (int i = 0; i < 16; ++i) {
    const int pair = byte_at(block + 4 + i);
    out[i] = static_cast<float>(pair & 0xf) * scale + least;
    out[i + 16] = static_cast<float>(pair >> 4) * scale + least;
  }
}

void q5_0_block(const std::byte* block, float* out) {
  const float scale = f16_at(block);
  const auto bits = fifth_bits(block + 2);
  for (int i = 0; i < 16; ++i) {
    const int pair = byte_at(block + 6 + i);
    out[i] = static_cast<float>(with_fifth(pair & 0xf, bits, i) - 16) * scale;
    out[i + 16] = static_cast<float>(with_fifth(pair >> 4, bits, i + 16) - 16) * scale;
  }
}

void q5_1_block(const std::byte* block, float* out) {
  const float scale = f16_at(block);
  const float least = f16_at(block + 2);
  const auto bits = fifth_bits(block + 4);
  for (int i = 0; i < 16; ++i) {
    const int pair = byte_at(block + 8 + i);
    out[i] = static_cast<float>(with_fifth(pair & 0xf, bits, i)) * scale + least;
    out[i + 16] = static_cast<float>(with_fifth(pair >> 4, bits, i + 16)) * scale + least;
  }
}

void q8_0_block(const std::byte* block, float* out) {
  const float scale = f16_at(block);
  for (int i = 0; i < 32; ++i)
    out[i] = static_cast<float>(signed_at(block + 2 + i)) * scale;
}

void q4_k_block(const std::byte* block, float* out) {
  const float scale = f16_at(block);
  const float least = f16_at(block + 2);
  const auto* packed = block + 4;
  const auto* low = block + 16;
  for (int part = 0; part < 8; ++part) {
    const auto own = packed_scale(packed, part);
    const float d = scale * static_cast<float>(own.scale);
    const float m = least * static_cast<float>(own.least);
    const int shift = part % 2 * 4;
    for (int i = 0; i < 32; ++i)
      out[part * 32 + i] = d * static_cast<float>((byte_at(low + part / 2 * 32 + i) >> shift) & 0xf) - m;
  }
}

void q5_k_block(const std::byte* block, float* out) {
  const float scale = f16_at(block);
  const float least = f16_at(block + 2);
  const auto* packed = block + 4;
  const auto* high = block + 16;
  const auto* low = block + 48;
  for (int part = 0; part < 8; ++part) {
    const auto own = packed_scale(packed, part);
    const float d = scale * static_cast<float>(own.scale);
    const float m = least * static_cast<float>(own.least);
    const int shift = part % 2 * 4;
    for (int i = 0; i < 32; ++i) {
      const int nibble = (byte_at(low + part / 2 * 32 + i) >> shift) & 0xf;
      const int fifth = (byte_at(high + i) >> part) & 1;
      out[part * 32 + i] = d * static_cast<float>(nibble | (fifth << 4)) - m;
    }
  }
}

void q6_k_block(const std::byte* block, float* out) {
  const auto* scales = block + 192;
  const float scale = f16_at(block + 208);
  for (int half = 0; half < 2; ++half) {
    const auto* low = block + half * 64;
    const auto* high = block + 128 + half * 32;
    for (int i = 0; i < 128; ++i) {
      const int quarter = i / 32;
      const int lane = i % 32;
      const int nibble = (byte_at(low + quarter % 2 * 32 + lane) >> (quarter / 2 * 4)) & 0xf;
      const int top = (byte_at(high + lane) >> (quarter * 2)) & 3;
      const int own = signed_at(scales + half * 8 + i / 16);
      out[half * 128 + i] = scale * static_cast<float>(own) * static_cast<float>((nibble | (top << 4)) - 32);
    }
  }
}

block_decoder decoder_of(dtype type) {
  switch (type) {
  case dtype::f16:
    return f16_block;
  case dtype::bf16:
    return bf16_block;
  case dtype::f64:
    return f64_block;
  case dtype::q4_0:
    return q4_0_block;
  case dtype::q4_1:
    return q4_1_block;
  case dtype::q5_0:
    return q5_0_block;
  case dtype::q5_1:
    return q5_1_block;
  case dtype::q8_0:
    return q8_0_block;
  case dtype::q4_k:
    return q4_k_block;
  case dtype::q5_k:
    return q5_k_block;
  case dtype::q6_k:
    return q6_k_block;
  default:
    return nullptr;
  }
}

} // namespace

void dequantize(dtype type, std::span<const std::byte> bytes, std::span<float> out) {
  ensure(bytes_of(type, out.size()) == bytes.size(), "a tensor's bytes and numbers agree");
  if (type == dtype::f32) {
    std::memcpy(out.data(), bytes.data(), bytes.size());
    return;
  }
  const auto decode = decoder_of(type);
  ensure(decode != nullptr, "only weights are turned into floats");
  const auto& layout = layout_of(type);
  for (std::size_t block = 0; block * layout.block_elements < out.size(); ++block)
    decode(bytes.data() + block * layout.block_bytes, out.data() + block * layout.block_elements);
}

} // namespace troupe::kernels
