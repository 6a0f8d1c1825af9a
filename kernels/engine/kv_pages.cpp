#include "kernels/engine/kv_pages.hpp"

#include <cstring>

namespace troupe::kernels {

kv_pages::kv_pages(const model_shape& shape, std::uint32_t pages)
    : heads_(shape.kv_heads)
    , head_size_(shape.head_size)
    , pages_(pages)
    , keys_(shape.layers * pages * key_stride() * sizeof(std::uint16_t))
    , values_(shape.layers * pages * value_stride() * sizeof(std::uint16_t)) {}

std::uint64_t kv_pages::bytes_of(const model_shape& shape, std::uint32_t pages) {
  return std::uint64_t{shape.layers} * pages * page_positions * shape.kv_heads *
         (shape.head_size + padded(shape.head_size)) * sizeof(std::uint16_t);
}

void kv_pages::put(std::size_t layer, std::uint32_t head, page_id page, std::uint32_t within,
                   const std::uint16_t* key, const std::uint16_t* value) {
  auto* keys = const_cast<std::uint16_t*>(this->keys(layer, head)) + page * key_stride() + within;
  for (std::size_t d = 0; d < head_size_; ++d)
    keys[d * page_positions] = key[d];
  const auto width = padded(head_size_);
  std::memcpy(const_cast<std::uint16_t*>(values(layer, head)) + page * value_stride() + within * width, value,
              width * sizeof(std::uint16_t));
}

} // namespace troupe::kernels
