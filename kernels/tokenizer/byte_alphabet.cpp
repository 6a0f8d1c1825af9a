#include "kernels/tokenizer/byte_alphabet.hpp"

#include "kernels/unicode/utf8.hpp"

#include <array>

namespace troupe::kernels {

namespace {

// Visible Latin-1 stands for itself; the other bytes, in order, for the characters from U+0100 on.
constexpr bool is_visible(unsigned byte) {
  return (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff);
}

struct tables {
  std::array<char32_t, 256> character{};
  std::array<short, 256 + 68> byte{};
};

constexpr tables make_tables() {
  tables made;
  made.byte.fill(-1);
  char32_t hidden = 0x100;
  for (unsigned byte = 0; byte < 256; ++byte) {
    made.character[byte] = is_visible(byte) ? byte : hidden++;
    made.byte[made.character[byte]] = static_cast<short>(byte);
  }
  return made;
}

constexpr tables alphabet = make_tables();

} // namespace

char32_t byte_level_character(unsigned char byte) noexcept { return alphabet.character[byte]; }

std::optional<unsigned char> byte_level_byte(char32_t c) noexcept {
  if (c >= alphabet.byte.size() || alphabet.byte[c] < 0)
    return std::nullopt;
  return static_cast<unsigned char>(alphabet.byte[c]);
}

std::string byte_level_spelled(std::string_view bytes) {
  std::string spelled;
  spelled.reserve(bytes.size() + bytes.size() / 4);
  for (const char byte : bytes)
    unicode::append(spelled, byte_level_character(static_cast<unsigned char>(byte)));
  return spelled;
}

std::string byte_level_bytes(std::string_view token) {
  std::string bytes;
  for (std::size_t at = 0; at < token.size();) {
    const auto byte = byte_level_byte(unicode::next(token, at));
    if (!byte)
      return std::string(token);
    bytes.push_back(static_cast<char>(*byte));
  }
  return bytes;
}

} // namespace troupe::kernels
