#include "gateway/api/cursor.hpp"

namespace troupe::gateway {

namespace {

constexpr std::string_view digits = "0123456789abcdef";

} // namespace

std::string cursor_to_text(std::string_view inner) {
  std::string out;
  out.reserve(inner.size() * 2);
  for (unsigned char byte : inner) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

checked<std::string> cursor_from_text(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    auto high = digits.find(text[i]);
    auto low = digits.find(text[i + 1]);
    if (high == digits.npos || low == digits.npos)
      break;
    out += static_cast<char>(static_cast<unsigned char>(high << 4 | low));
  }
  if (out.size() * 2 == text.size())
    return out;
  return tl::unexpected(
      bad_request("this is no cursor of ours", "pass next_cursor of the page before, unchanged", "cursor"));
}

} // namespace troupe::gateway
