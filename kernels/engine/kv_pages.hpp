#pragma once

#include "kernels/base/memory_block.hpp"
#include "kernels/cpu/rows.hpp"
#include "kernels/engine/step_engine.hpp"

#include <cstdint>

namespace troupe::kernels {

/// Keys and values in half precision, page after page of each layer. The keys of a page lie dimension by
/// dimension, so that its positions are a kernel's lanes; values position by position, each padded.
class kv_pages {
public:
  kv_pages(const model_shape& shape, std::uint32_t pages);

  static std::uint64_t bytes_of(const model_shape& shape, std::uint32_t pages);

  std::uint32_t count() const noexcept { return pages_; }
  std::size_t key_stride() const noexcept { return std::size_t{heads_} * head_size_ * page_positions; }
  std::size_t value_stride() const noexcept {
    return std::size_t{heads_} * padded(head_size_) * page_positions;
  }

  /// Those of page 0; other pages are whole strides behind.
  const std::uint16_t* keys(std::size_t layer, std::uint32_t head) const {
    return keys_.as<std::uint16_t>() + layer * pages_ * key_stride() +
           std::size_t{head} * head_size_ * page_positions;
  }
  const std::uint16_t* values(std::size_t layer, std::uint32_t head) const {
    return values_.as<std::uint16_t>() + layer * pages_ * value_stride() +
           std::size_t{head} * padded(head_size_) * page_positions;
  }

  /// `key` and `value` are a head's numbers in half precision, the value padded.
  void put(std::size_t layer, std::uint32_t head, page_id page, std::uint32_t within,
           const std::uint16_t* key, const std::uint16_t* value);

private:
  std::uint32_t heads_;
  std::uint32_t head_size_;
  std::uint32_t pages_;
  memory_block keys_;
  memory_block values_;
};

} // namespace troupe::kernels
