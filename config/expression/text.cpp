#include "config/expression/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace troupe::expression {
namespace {

bool same_word(std::string_view a, std::string_view lower) {
  return std::ranges::equal(a, lower,
                            [](char x, char y) { return (x >= 'A' && x <= 'Z' ? x + 32 : x) == y; });
}

bool is_tail(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Digits of `base`, exactly `count` of them.
std::optional<std::uint32_t> digits(std::string_view text, std::size_t count, int base) {
  std::uint32_t number = 0;
  if (text.size() < count)
    return std::nullopt;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + count, number, base);
  return failure == std::errc{} && end == text.data() + count ? std::optional(number) : std::nullopt;
}

struct escape {
  std::uint32_t code = 0;
  std::size_t length = 0; // with the backslash; 0: none
};

escape simple_escape(char c) {
  constexpr std::string_view written = "abfnrtv\"'`\\?";
  constexpr std::string_view meant = "\a\b\f\n\r\t\v\"'`\\?";
  const auto at = written.find(c);
  return at == written.npos ? escape{} : escape{static_cast<std::uint32_t>(meant[at]), 2};
}

// `text` begins with a backslash.
escape read_escape(std::string_view text, bool bytes) {
  const char c = text.size() > 1 ? text[1] : '\0';
  std::optional<std::uint32_t> number;
  std::size_t length = 0;
  if (c == 'x' || c == 'X') {
    number = digits(text.substr(2), 2, 16);
    length = 4;
  } else if (c >= '0' && c <= '3') {
    number = digits(text.substr(1), 3, 8);
    length = 4;
  } else if (c == 'u' && !bytes) {
    number = digits(text.substr(2), 4, 16);
    length = 6;
  } else if (c == 'U' && !bytes) {
    number = digits(text.substr(2), 8, 16);
    length = 10;
  } else {
    return simple_escape(c);
  }
  const bool is_character = number && *number <= 0x10FFFF && !(*number >= 0xD800 && *number <= 0xDFFF);
  return is_character ? escape{*number, length} : escape{};
}

tl::expected<std::string, span> unescape(std::string_view inside, bool bytes) {
  std::string text;
  text.reserve(inside.size());
  for (std::size_t at = 0; at < inside.size();) {
    if (inside[at] != '\\') {
      text += inside[at++];
      continue;
    }
    const escape read = read_escape(inside.substr(at), bytes);
    if (read.length == 0) {
      const auto shown = std::max<std::size_t>(1, character_length(inside.substr(at + 1)));
      return tl::unexpected(span{at, std::min(inside.size(), at + 1 + shown)});
    }
    if (bytes)
      text += static_cast<char>(read.code);
    else
      append_character(text, read.code);
    at += read.length;
  }
  return text;
}

// Of a number that no double holds: whether it is too near to zero, rather than too large.
bool is_tiny(std::string_view text) {
  const std::size_t mark = std::min(text.find_first_of("eE"), text.size());
  const std::string_view digits = text.substr(0, mark);
  const std::size_t point = std::min(digits.find('.'), digits.size());
  const std::size_t first = digits.find_first_of("123456789");
  std::int64_t exponent = 0;
  if (mark < text.size()) {
    std::string_view power = text.substr(mark + 1);
    const bool negative = power.starts_with('-');
    power.remove_prefix(negative || power.starts_with('+') ? 1 : 0);
    if (std::from_chars(power.data(), power.data() + power.size(), exponent).ec != std::errc{})
      return negative; // beyond 64 bits, whatever stands before it
    exponent =
        std::min<std::int64_t>(exponent, 1'000'000'000'000) * (negative ? -1 : 1); // no text is that long
  }
  return exponent + static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first) < 0;
}

} // namespace

std::optional<double> read_double(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+'))
    text.remove_prefix(1);
  double number = 0;
  if (same_word(text, "inf") || same_word(text, "infinity"))
    number = std::numeric_limits<double>::infinity();
  else if (same_word(text, "nan"))
    number = std::numeric_limits<double>::quiet_NaN();
  else {
    if (text.empty() || !((text.front() >= '0' && text.front() <= '9') || text.front() == '.'))
      return std::nullopt;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure == std::errc::invalid_argument || end != text.data() + text.size())
      return std::nullopt;
    if (failure == std::errc::result_out_of_range && !is_tiny(text))
      return std::nullopt;
  }
  return negative ? -number : number;
}

std::string write_double(double number) {
  if (std::isnan(number))
    return "nan";
  if (std::isinf(number))
    return number > 0 ? "inf" : "-inf";
  const double size = std::abs(number);
  const bool plain = size == 0 || (size >= 1e-6 && size < 1e21);
  std::array<char, 64> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number,
                                 plain ? std::chars_format::fixed : std::chars_format::scientific)
                       .ptr;
  return {text.data(), end};
}

std::size_t character_length(std::string_view text) noexcept {
  if (text.empty())
    return 0;
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80)
    return 1;
  const std::size_t length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
  if (length == 0 || text.size() < length || !std::ranges::all_of(text.substr(1, length - 1), is_tail))
    return 0;
  const auto second = static_cast<unsigned char>(text[1]);
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool surrogate_or_beyond = (first == 0xED && second > 0x9F) || (first == 0xF4 && second > 0x8F);
  return overlong || surrogate_or_beyond ? 0 : length;
}

void append_character(std::string& to, std::uint32_t code_point) {
  const auto tail = [&](int shift) { to += static_cast<char>(0x80 | (code_point >> shift & 0x3F)); };
  if (code_point < 0x80) {
    to += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    to += static_cast<char>(0xC0 | code_point >> 6);
    tail(0);
  } else if (code_point < 0x10000) {
    to += static_cast<char>(0xE0 | code_point >> 12);
    tail(6);
    tail(0);
  } else {
    to += static_cast<char>(0xF0 | code_point >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

tl::expected<std::string, span> unescape_text(std::string_view inside) { return unescape(inside, false); }

tl::expected<std::string, span> unescape_bytes(std::string_view inside) { return unescape(inside, true); }

} // namespace troupe::expression
