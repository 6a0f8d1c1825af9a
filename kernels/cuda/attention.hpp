#pragma once

#include <cstdint>

namespace troupe::kernels::cuda {

struct bf16;

constexpr std::uint32_t cache_page = 16;     // positions
constexpr std::uint32_t head_size_max = 256; // a multiple of eight
constexpr std::uint32_t attention_threads = 128;
constexpr std::uint32_t attention_warps = attention_threads / 32;

/// Keys and values in pages: [page][kv head][position in page][head size].
struct cache_layout {
  bf16* keys = nullptr;
  bf16* values = nullptr;
  const std::uint32_t* pages = nullptr; // of text t: pages[t * pages_max …]
  std::uint32_t pages_max = 0;
  std::uint32_t kv_heads = 0;
  std::uint32_t head_size = 0;
};

/// Where the rows of a step belong.
struct row_places {
  const std::uint32_t* count = nullptr;
  const std::uint32_t* text = nullptr;
  const std::uint32_t* position = nullptr;
};

struct rope_launch {
  const float* query = nullptr; // rows x heads x head size, as the products wrote them
  const float* key = nullptr;
  const float* value = nullptr;
  bf16* turned = nullptr;         // queries
  const float* cosines = nullptr; // position x dimensions / 2
  const float* sines = nullptr;
  std::uint32_t dimensions = 0; // of a head that turn
  std::uint32_t heads = 0;
  cache_layout cache;
  row_places rows;
};

struct attention_launch {
  const bf16* query = nullptr;
  bf16* out = nullptr;
  std::uint32_t heads = 0;
  std::uint32_t window = 0; // positions a row sees, its own included; 0: all
  float scale = 1;
  cache_layout cache;
  row_places rows;
};

} // namespace troupe::kernels::cuda
