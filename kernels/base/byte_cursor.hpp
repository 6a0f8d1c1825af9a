#pragma once

#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

namespace troupe::kernels {

/// Reads little-endian values one after another and never past the end: `take` is false when too little is
/// left.
class byte_cursor {
public:
  explicit byte_cursor(std::span<const std::byte> bytes)
      : bytes_(bytes) {}

  std::size_t position() const noexcept { return at_; }
  std::size_t left() const noexcept { return bytes_.size() - at_; }

  template<class Number>
  bool take(Number& value) noexcept {
    static_assert(std::is_arithmetic_v<Number>);
    if (left() < sizeof value)
      return false;
    std::memcpy(&value, bytes_.data() + at_, sizeof value);
    at_ += sizeof value;
    return true;
  }

  bool take(std::span<const std::byte>& part, std::size_t size) noexcept {
    if (left() < size)
      return false;
    part = bytes_.subspan(at_, size);
    at_ += size;
    return true;
  }

  bool take(std::string_view& text, std::size_t size) noexcept {
    std::span<const std::byte> part;
    if (!take(part, size))
      return false;
    text = {reinterpret_cast<const char*>(part.data()), part.size()};
    return true;
  }

private:
  std::span<const std::byte> bytes_;
  std::size_t at_ = 0;
};

} // namespace troupe::kernels
