#pragma once

#include "config/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace troupe::cluster {

/// Payloads on a byte stream: four bytes of length, little-endian, then the payload.
std::string framed(std::string_view payload);

/// Cuts payloads out of what arrives. A length beyond the limit ends the link: nothing is allocated for it.
class frame_reader {
public:
  explicit frame_reader(std::size_t most)
      : most_(most) {}

  void add(std::string_view bytes) { buffer_.append(bytes); }
  void allow(std::size_t most) { most_ = most; }
  /// The next whole payload; none: more bytes are needed.
  result<std::optional<std::string>> next();

private:
  std::size_t most_;
  std::string buffer_;
  std::size_t begin_ = 0;
};

} // namespace troupe::cluster
