#include "kernels/base/memory_block.hpp"

#include <new>
#include <sys/mman.h>
#include <utility>

namespace troupe::kernels {

memory_block::memory_block(std::size_t bytes)
    : size_(bytes) {
  if (bytes == 0)
    return;
  void* at =
      ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (at == MAP_FAILED)
    throw std::bad_alloc();
  ::madvise(at, bytes, MADV_HUGEPAGE); // only advice: small pages will do
  data_ = static_cast<std::byte*>(at);
}

memory_block::memory_block(memory_block&& other) noexcept
    : data_(std::exchange(other.data_, nullptr))
    , size_(std::exchange(other.size_, 0)) {}

memory_block& memory_block::operator=(memory_block&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

memory_block::~memory_block() {
  if (data_)
    ::munmap(data_, size_);
}

} // namespace troupe::kernels
