#pragma once

#include <cstddef>
#include <span>

namespace troupe::kernels {

/// Zeroed memory from the system, aligned to pages and in large ones where the system gives them: what is
/// read from end to end at every step. Pages that nobody writes take no memory.
class memory_block {
public:
  memory_block() = default;
  /// Throws std::bad_alloc like any other allocation.
  explicit memory_block(std::size_t bytes);
  memory_block(memory_block&& other) noexcept;
  memory_block& operator=(memory_block&& other) noexcept;
  ~memory_block();

  std::size_t size() const noexcept { return size_; }
  std::byte* data() noexcept { return data_; }
  const std::byte* data() const noexcept { return data_; }

  template<class Number>
  Number* as() noexcept {
    return reinterpret_cast<Number*>(data_);
  }
  template<class Number>
  const Number* as() const noexcept {
    return reinterpret_cast<const Number*>(data_);
  }

private:
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

} // namespace troupe::kernels
