#include "kernels/unicode/utf8.hpp"

namespace troupe::kernels::unicode {

namespace {

unsigned char byte_at(std::string_view text, std::size_t at) noexcept {
  return static_cast<unsigned char>(text[at]);
}

bool continues(unsigned char byte) noexcept { return (byte & 0xc0u) == 0x80u; }

/// 0 if no character begins with it.
std::size_t length_of(unsigned char first) noexcept {
  if (first < 0x80)
    return 1;
  if (first < 0xc2 || first > 0xf4)
    return 0;
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/// Second bytes that would spell a character too long, a surrogate or something past U+10FFFF.
bool fits_second(unsigned char first, unsigned char second) noexcept {
  switch (first) {
  case 0xe0:
    return second >= 0xa0 && second <= 0xbf;
  case 0xed:
    return second >= 0x80 && second <= 0x9f;
  case 0xf0:
    return second >= 0x90 && second <= 0xbf;
  case 0xf4:
    return second >= 0x80 && second <= 0x8f;
  default:
    return continues(second);
  }
}

/// How many bytes from `at` begin a character, and how many it would need.
struct extent {
  std::size_t have = 0;
  std::size_t need = 0;
};

extent extent_at(std::string_view text, std::size_t at) noexcept {
  const auto first = byte_at(text, at);
  const auto need = length_of(first);
  if (need == 0)
    return {};
  std::size_t have = 1;
  while (have < need && at + have < text.size()) {
    const auto byte = byte_at(text, at + have);
    if (have == 1 ? !fits_second(first, byte) : !continues(byte))
      break;
    ++have;
  }
  return {have, need};
}

} // namespace

char32_t next(std::string_view text, std::size_t& at) noexcept {
  const auto first = byte_at(text, at);
  if (first < 0x80) {
    ++at;
    return first;
  }
  const auto found = extent_at(text, at);
  if (found.need == 0 || found.have < found.need) {
    ++at;
    return replacement;
  }
  char32_t c = first & (0xffu >> (found.need + 1));
  for (std::size_t i = 1; i < found.need; ++i)
    c = (c << 6) | (byte_at(text, at + i) & 0x3fu);
  at += found.need;
  return c;
}

char32_t previous(std::string_view text, std::size_t& at) noexcept {
  do
    --at;
  while (at > 0 && continues(byte_at(text, at)));
  std::size_t from = at;
  return next(text, from);
}

void append(std::string& to, char32_t c) {
  const auto put = [&to](char32_t byte) {
    to.push_back(static_cast<char>(static_cast<unsigned char>(byte)));
  };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xc0u | (c >> 6));
    put(0x80u | (c & 0x3fu));
  } else if (c < 0x10000) {
    put(0xe0u | (c >> 12));
    put(0x80u | ((c >> 6) & 0x3fu));
    put(0x80u | (c & 0x3fu));
  } else {
    put(0xf0u | (c >> 18));
    put(0x80u | ((c >> 12) & 0x3fu));
    put(0x80u | ((c >> 6) & 0x3fu));
    put(0x80u | (c & 0x3fu));
  }
}

std::string encoded(char32_t c) {
  std::string text;
  append(text, c);
  return text;
}

std::u32string decoded(std::string_view text) {
  std::u32string characters;
  characters.reserve(text.size());
  for (std::size_t at = 0; at < text.size();)
    characters.push_back(next(text, at));
  return characters;
}

std::size_t length(std::string_view text) noexcept {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count)
    next(text, at);
  return count;
}

std::size_t first_invalid(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    const auto found = extent_at(text, at);
    if (found.need == 0 || found.have < found.need)
      return at;
    at += found.need;
  }
  return std::string_view::npos;
}

std::size_t whole_prefix(std::string_view text) noexcept {
  for (std::size_t back = 1; back <= 3 && back <= text.size(); ++back) {
    const auto at = text.size() - back;
    if (continues(byte_at(text, at)))
      continue;
    const auto found = extent_at(text, at);
    return found.have == back && found.have < found.need ? at : text.size();
  }
  return text.size();
}

std::string repaired(std::string_view text) {
  std::string whole;
  whole.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto found = extent_at(text, at);
    if (found.need != 0 && found.have == found.need)
      whole.append(text.substr(at, found.need));
    else
      append(whole, replacement);
    at += found.have == 0 ? 1 : found.have;
  }
  return whole;
}

} // namespace troupe::kernels::unicode
