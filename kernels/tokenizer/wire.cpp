#include "kernels/tokenizer/wire.hpp"

namespace troupe::kernels {

namespace {

enum class wire_kind : std::uint64_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

} // namespace

tl::unexpected<error> wire_reader::broken() const {
  return fail(fault::corrupt, "no Protobuf message: it breaks at byte " + std::to_string(at_ + 1) +
                                  " of one with " + std::to_string(message_.size()));
}

std::optional<std::uint64_t> wire_reader::varint() {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64 && at_ < message_.size(); shift += 7) {
    const auto byte = static_cast<unsigned char>(message_[at_++]);
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80)
      return value;
  }
  return std::nullopt;
}

result<std::optional<wire_field>> wire_reader::next() {
  if (at_ == message_.size())
    return std::optional<wire_field>{};
  const auto tag = varint();
  if (!tag || *tag >> 3 == 0 || *tag >> 35 != 0)
    return broken();
  wire_field field;
  field.number = static_cast<std::uint32_t>(*tag >> 3);
  const auto kind = static_cast<wire_kind>(*tag & 7);
  if (kind == wire_kind::varint) {
    const auto value = varint();
    if (!value)
      return broken();
    field.value = *value;
    return std::optional(field);
  }
  std::size_t size = kind == wire_kind::fixed64 ? 8 : 4;
  if (kind == wire_kind::bytes) {
    const auto told = varint();
    if (!told || *told > message_.size() - at_)
      return broken();
    size = static_cast<std::size_t>(*told);
  } else if (kind != wire_kind::fixed32 && kind != wire_kind::fixed64) {
    return broken();
  }
  if (size > message_.size() - at_)
    return broken();
  field.bytes = message_.substr(at_, size);
  at_ += size;
  if (kind != wire_kind::bytes)
    for (std::size_t i = size; i-- > 0;)
      field.value = (field.value << 8) | static_cast<unsigned char>(field.bytes[i]);
  return std::optional(field);
}

} // namespace troupe::kernels
