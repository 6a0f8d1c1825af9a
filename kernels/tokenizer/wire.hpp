#pragma once

#include "kernels/base/result.hpp"

#include <cstdint>
#include <optional>
#include <string_view>

namespace troupe::kernels {

/// One field of a Protobuf message: its number, and its value as the wire has it.
struct wire_field {
  std::uint32_t number = 0;
  std::uint64_t value = 0; // of varints and fixed ones
  std::string_view bytes;  // of texts and messages
};

/// Goes through the fields of a message. SentencePiece's models are the only Protobuf this library reads, so
/// it needs the format and not the library.
class wire_reader {
public:
  explicit wire_reader(std::string_view message)
      : message_(message) {}

  /// Nothing at the end; `corrupt` where the bytes are no message.
  result<std::optional<wire_field>> next();

private:
  std::optional<std::uint64_t> varint();
  tl::unexpected<error> broken() const;

  std::string_view message_;
  std::size_t at_ = 0;
};

} // namespace troupe::kernels
