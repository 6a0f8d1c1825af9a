#pragma once

#include "kernels/files/gguf.hpp"

#include <string>
#include <string_view>

namespace troupe::kernels::tests {

/// Builds the bytes of GGUF files that no writer would write.
class gguf_bytes {
public:
  gguf_bytes(std::uint64_t tensors, std::uint64_t entries, std::uint32_t version = 3) {
    bytes_ = "GGUF";
    number(version).number(tensors).number(entries);
  }

  template<class Number>
  gguf_bytes& number(Number value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
    return *this;
  }

  gguf_bytes& text(std::string_view value) {
    number(static_cast<std::uint64_t>(value.size()));
    bytes_ += value;
    return *this;
  }

  gguf_bytes& key(std::string_view name, gguf_type type) {
    return text(name).number(static_cast<std::uint32_t>(type));
  }

  gguf_bytes& tensor(std::string_view name, const std::vector<std::uint64_t>& innermost_first,
                     std::uint32_t kind, std::uint64_t offset) {
    text(name).number(static_cast<std::uint32_t>(innermost_first.size()));
    for (const auto extent : innermost_first)
      number(extent);
    return number(kind).number(offset);
  }

  gguf_bytes& data(std::size_t size) {
    bytes_.resize((bytes_.size() + 31) / 32 * 32 + size);
    return *this;
  }

  result<gguf_file> read() const {
    return gguf_file::read(mapped_file::of_bytes("made.gguf", std::as_bytes(std::span(bytes_))));
  }
  std::string refusal() const {
    const auto read_back = read();
    return read_back ? "it was read" : read_back.error().message;
  }
  const std::string& bytes() const { return bytes_; }

private:
  std::string bytes_;
};

} // namespace troupe::kernels::tests
