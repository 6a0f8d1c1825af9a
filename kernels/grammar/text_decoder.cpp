#include "kernels/grammar/text_decoder.hpp"

#include <algorithm>

namespace troupe::kernels::grammar {

namespace {

// A part: what it is of (3 bits), how many bytes or digits are still to come (3), how many there are in all
// (3), and the bits so far (21). A low surrogate keeps what its high one said in the same bits.
enum class of : std::uint32_t {
  nothing,
  utf8,
  backslash,
  hex,
  high_surrogate,
  low_backslash,
  low_hex,
  needed_backslash, // these two where only what must be is escaped
  needed_hex
};

constexpr std::uint32_t bits_mask = (1u << 21) - 1;

constexpr part_of_character packed(of what, std::uint32_t left, std::uint32_t all, std::uint32_t bits) {
  return (static_cast<std::uint32_t>(what) << 27) | (left << 24) | (all << 21) | bits;
}
constexpr of what_of(part_of_character part) { return static_cast<of>(part >> 27); }
constexpr std::uint32_t left_of(part_of_character part) { return (part >> 24) & 7; }
constexpr std::uint32_t all_of(part_of_character part) { return (part >> 21) & 7; }
constexpr std::uint32_t bits_of(part_of_character part) { return part & bits_mask; }

constexpr char32_t high_begin = 0xd800;
constexpr char32_t low_begin = 0xdc00;
constexpr char32_t low_end = 0xdfff;
constexpr char32_t beyond = 0x10000;

decoded_byte go_on(part_of_character part) { return {decoded_byte::kind::part, part, 0}; }
decoded_byte whole(char32_t c) { return {decoded_byte::kind::whole, 0, c}; }

possible_characters::range utf8_range(part_of_character part) {
  static constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  const auto shift = 6 * left_of(part);
  const auto first = static_cast<char32_t>(bits_of(part) << shift);
  const auto last = static_cast<char32_t>(first + ((1u << shift) - 1));
  return {std::max(first, least[all_of(part)]), std::min<char32_t>(last, 0x10ffff)};
}

bool has_utf8(part_of_character part) {
  const auto range = utf8_range(part);
  return range.first <= range.last && !(range.first >= high_begin && range.last <= low_end);
}

decoded_byte first_byte(std::uint8_t byte) {
  if (byte < 0x80)
    return whole(byte);
  if (byte >= 0xc2 && byte < 0xe0)
    return go_on(packed(of::utf8, 1, 2, byte & 0x1fu));
  if (byte >= 0xe0 && byte < 0xf0)
    return go_on(packed(of::utf8, 2, 3, byte & 0x0fu));
  if (byte >= 0xf0 && byte < 0xf5)
    return go_on(packed(of::utf8, 3, 4, byte & 0x07u));
  return {};
}

decoded_byte next_utf8(part_of_character part, std::uint8_t byte) {
  if ((byte & 0xc0u) != 0x80)
    return {};
  const auto bits = (bits_of(part) << 6) | (byte & 0x3fu);
  const auto next = packed(of::utf8, left_of(part) - 1, all_of(part), bits);
  if (!has_utf8(next))
    return {};
  return left_of(part) == 1 ? whole(bits) : go_on(next);
}

decoded_byte escaped(std::uint8_t byte) {
  switch (byte) {
  case '"':
  case '\\':
  case '/':
    return whole(byte);
  case 'b':
    return whole(0x08);
  case 'f':
    return whole(0x0c);
  case 'n':
    return whole(0x0a);
  case 'r':
    return whole(0x0d);
  case 't':
    return whole(0x09);
  case 'u':
    return go_on(packed(of::hex, 4, 0, 0));
  default:
    return {};
  }
}

bool has_short_escape(char32_t c) { return c == 0x08 || c == 0x09 || c == 0x0a || c == 0x0c || c == 0x0d; }

decoded_byte escaped_where_needed(std::uint8_t byte) {
  if (byte == 'u')
    return go_on(packed(of::needed_hex, 4, 0, 0));
  return byte == '/' ? decoded_byte{} : escaped(byte);
}

/// Control characters without a short escape, in lower case.
decoded_byte next_needed_hex(part_of_character part, std::uint8_t byte) {
  const auto left = left_of(part);
  const bool digit = byte >= '0' && byte <= '9';
  if (!digit && !(byte >= 'a' && byte <= 'f'))
    return {};
  const auto value = static_cast<std::uint32_t>(digit ? byte - '0' : byte - 'a' + 10);
  if (value > (left > 2 ? 0u : left == 2 ? 1u : 15u))
    return {};
  const auto unit = (bits_of(part) << 4) | value;
  if (left > 1)
    return go_on(packed(of::needed_hex, left - 1, 0, unit));
  return has_short_escape(unit) ? decoded_byte{} : whole(unit);
}

int hex_value(std::uint8_t byte) {
  if (byte >= '0' && byte <= '9')
    return byte - '0';
  const auto lower = byte | 0x20;
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// Of the digits so far: the code units they can become.
possible_characters::range units(part_of_character part, std::uint32_t digits) {
  const auto shift = 4 * left_of(part);
  const auto first = static_cast<char32_t>(digits << shift);
  return {first, static_cast<char32_t>(first + ((1u << shift) - 1))};
}

char32_t joined(char32_t high, char32_t low) {
  return beyond + ((high - high_begin) << 10) + (low - low_begin);
}

decoded_byte next_hex(part_of_character part, std::uint8_t byte) {
  const auto value = hex_value(byte);
  if (value < 0)
    return {};
  const auto unit = (bits_of(part) << 4) | static_cast<std::uint32_t>(value);
  const auto next = packed(of::hex, left_of(part) - 1, 0, unit);
  const auto range = units(next, unit);
  if (range.first >= low_begin && range.last <= low_end)
    return {};
  if (left_of(part) > 1)
    return go_on(next);
  return unit >= high_begin && unit < low_begin ? go_on(packed(of::high_surrogate, 0, 0, unit - high_begin))
                                                : whole(unit);
}

// Ten bits of the high surrogate, then the digits of the low one; its first digit is always d.
decoded_byte next_low_hex(part_of_character part, std::uint8_t byte) {
  const auto value = hex_value(byte);
  const auto left = left_of(part);
  const auto high = bits_of(part) >> 11;
  const auto digits = bits_of(part) & 0x7ffu;
  if (value < 0 || (left == 4 && value != 0xd) || (left == 3 && value < 0xc))
    return {};
  const auto unit = left == 4 ? 0 : ((digits << 4) | static_cast<std::uint32_t>(value)) & 0x7ffu;
  if (left > 1)
    return go_on(packed(of::low_hex, left - 1, 0, (high << 11) | unit));
  return whole(joined(high + high_begin, (unit & 0x3ffu) + low_begin));
}

} // namespace

decoded_byte decode(part_of_character part, std::uint8_t byte, spelling how) noexcept {
  switch (what_of(part)) {
  case of::nothing:
    if (how == spelling::plain)
      return first_byte(byte);
    if (byte == '\\')
      return go_on(packed(how == spelling::json ? of::backslash : of::needed_backslash, 0, 0, 0));
    return byte < 0x20 || byte == '"' ? decoded_byte{} : first_byte(byte);
  case of::utf8:
    return next_utf8(part, byte);
  case of::backslash:
    return escaped(byte);
  case of::hex:
    return next_hex(part, byte);
  case of::high_surrogate:
    return byte == '\\' ? go_on(packed(of::low_backslash, 0, 0, bits_of(part))) : decoded_byte{};
  case of::low_backslash:
    return byte == 'u' ? go_on(packed(of::low_hex, 4, 0, bits_of(part) << 11)) : decoded_byte{};
  case of::low_hex:
    return next_low_hex(part, byte);
  case of::needed_backslash:
    return escaped_where_needed(byte);
  case of::needed_hex:
    return next_needed_hex(part, byte);
  }
  return {};
}

possible_characters possible(part_of_character part) noexcept {
  const auto bits = bits_of(part);
  switch (what_of(part)) {
  case of::nothing:
  case of::backslash:
    return {{{{0, 0x10ffff}}}, 1};
  case of::utf8: {
    const auto range = utf8_range(part);
    return {{{range}}, 1};
  }
  case of::hex: {
    const auto range = units(part, bits);
    const auto high_first = std::max(range.first, high_begin);
    const auto high_last = std::min<char32_t>(range.last, low_begin - 1);
    if (high_first > high_last)
      return {{{range}}, 1};
    return {{{range, {joined(high_first, low_begin), joined(high_last, low_end)}}}, 2};
  }
  case of::high_surrogate:
  case of::low_backslash: {
    const auto high = bits + high_begin;
    return {{{{joined(high, low_begin), joined(high, low_end)}}}, 1};
  }
  case of::low_hex: {
    const auto high = (bits >> 11) + high_begin;
    if (left_of(part) > 2)
      return {{{{joined(high, low_begin), joined(high, low_end)}}}, 1};
    const auto low = units(part, bits & 0x7ffu);
    const auto first = joined(high, (low.first & 0x3ffu) + low_begin);
    return {{{{first, first + (low.last - low.first)}}}, 1};
  }
  case of::needed_backslash:
    return {{{{0, 0x1f}, {'"', '"'}, {'\\', '\\'}}}, 3};
  case of::needed_hex:
    if (left_of(part) > 1)
      return {{{{0, 0x07}, {0x0b, 0x0b}, {0x0e, 0x1f}}}, 3};
    if (bits != 0)
      return {{{{0x10, 0x1f}}}, 1};
    return {{{{0, 0x07}, {0x0b, 0x0b}, {0x0e, 0x0f}}}, 3};
  }
  return {};
}

} // namespace troupe::kernels::grammar
