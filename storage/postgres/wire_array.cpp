#include "storage/postgres/wire_array.hpp"

namespace troupe::storage::postgres {
namespace {

constexpr std::size_t header_bytes = 20; // dimensions, nulls, type, length, lower bound
constexpr std::size_t empty_bytes = 12;  // an empty array has no dimension

int width_of(element of) {
  switch (of) {
  case element::boolean:
    return 1;
  case element::int2:
    return 2;
  case element::int4:
    return 4;
  default:
    return 8;
  }
}

} // namespace

void append_number(std::string& to, std::int64_t value, int width) {
  for (int shift = (width - 1) * 8; shift >= 0; shift -= 8)
    to.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> shift));
}

wire_array::wire_array(element of)
    : of_(of)
    , wire_(header_bytes, '\0') {}

void wire_array::number(std::int64_t value) {
  const int width = width_of(of_);
  append_number(wire_, width, 4);
  append_number(wire_, value, width);
  ++count_;
}

void wire_array::bytes(std::string_view value) {
  append_number(wire_, static_cast<std::int64_t>(value.size()), 4);
  wire_.append(value);
  ++count_;
}

void wire_array::maybe_bytes(const std::optional<std::string_view>& value) { value ? bytes(*value) : null(); }

void wire_array::time(instant value) { value == never ? null() : number(to_ms(value)); }

void wire_array::null() {
  append_number(wire_, -1, 4);
  nulls_ = true;
  ++count_;
}

std::string wire_array::take() {
  std::string header;
  append_number(header, count_ == 0 ? 0 : 1, 4);
  append_number(header, nulls_ ? 1 : 0, 4);
  append_number(header, static_cast<std::int64_t>(of_), 4);
  append_number(header, static_cast<std::int64_t>(count_), 4);
  append_number(header, 1, 4);
  wire_.replace(0, header_bytes, header);
  if (count_ == 0)
    wire_.resize(empty_bytes);
  count_ = 0;
  return std::move(wire_);
}

} // namespace troupe::storage::postgres
