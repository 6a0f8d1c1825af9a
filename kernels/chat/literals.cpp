#include "kernels/chat/literals.hpp"

#include "kernels/unicode/utf8.hpp"

#include <charconv>

namespace troupe::kernels::chat {

namespace {

int digit_of(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 99;
}

bool is_digit_at(std::string_view text, std::size_t at, int base) {
  return at < text.size() && digit_of(text[at]) < base;
}

/// Digits, single underscores between them.
std::size_t digits_end(std::string_view text, std::size_t at, int base) {
  while (is_digit_at(text, at, base) ||
         (at < text.size() && text[at] == '_' && is_digit_at(text, at + 1, base)))
    ++at;
  return at;
}

int base_at(std::string_view text, std::size_t at) {
  if (at + 1 >= text.size() || text[at] != '0')
    return 10;
  switch (text[at + 1] | 0x20) {
  case 'x':
    return 16;
  case 'o':
    return 8;
  case 'b':
    return 2;
  default:
    return 10;
  }
}

std::size_t exponent_end(std::string_view text, std::size_t at) {
  if (at >= text.size() || (text[at] | 0x20) != 'e')
    return at;
  auto digits = at + 1;
  if (digits < text.size() && (text[digits] == '+' || text[digits] == '-'))
    ++digits;
  return is_digit_at(text, digits, 10) ? digits_end(text, digits, 10) : at;
}

std::string without_underscores(std::string_view literal) {
  std::string plain;
  for (const char c : literal)
    if (c != '_')
      plain += c;
  return plain;
}

} // namespace

std::optional<number_literal> number_at(std::string_view text, std::size_t at, bool after_dot) {
  if (!is_digit_at(text, at, 10))
    return std::nullopt;
  if (const auto base = base_at(text, at); base != 10) {
    const auto end = digits_end(text, at + 2, base);
    if (end > at + 2)
      return number_literal{end - at, false};
  }
  const auto whole = digits_end(text, at, 10);
  if (!after_dot) {
    auto end = whole;
    if (end < text.size() && text[end] == '.' && is_digit_at(text, end + 1, 10))
      end = digits_end(text, end + 1, 10);
    end = exponent_end(text, end);
    if (end > whole)
      return number_literal{end - at, true};
  }
  if (text[at] == '0') { // "007" is three zeros and a seven to Jinja, which then makes no sense of it
    auto end = at;
    while (end < whole && (text[end] == '0' || text[end] == '_'))
      ++end;
    return number_literal{end - at, false};
  }
  return number_literal{whole - at, false};
}

std::optional<std::int64_t> integer_of_literal(std::string_view literal) {
  const auto base = base_at(literal, 0);
  const auto digits = without_underscores(base == 10 ? literal : literal.substr(2));
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (problem != std::errc{} || end != digits.data() + digits.size())
    return std::nullopt;
  return value;
}

double real_of_literal(std::string_view literal) {
  return std::strtod(without_underscores(literal).c_str(), nullptr); // a literal past the range is infinite
}

namespace {

class unescaper {
public:
  explicit unescaper(std::string_view from)
      : from_(from) {}

  std::optional<std::string> run() {
    while (at_ < from_.size()) {
      if (from_[at_] != '\\') {
        to_ += from_[at_++];
        continue;
      }
      ++at_;
      if (at_ == from_.size() || !escape(from_[at_++]))
        return std::nullopt;
    }
    return std::move(to_);
  }

private:
  bool escape(char c) {
    constexpr std::string_view letters = "abfnrtv\\'\"";
    constexpr std::string_view characters = "\a\b\f\n\r\t\v\\'\"";
    if (const auto at = letters.find(c); at != letters.npos)
      to_ += characters[at];
    else if (c == 'x')
      return hex(2);
    else if (c == 'u')
      return hex(4);
    else if (c == 'U')
      return hex(8);
    else if (c >= '0' && c <= '7')
      octal(c);
    else if (c == 'N')
      return false; // names of characters would need their table
    else if (c != '\n')
      (to_ += '\\') += c;
    return true;
  }

  bool hex(std::size_t digits) {
    char32_t c = 0;
    for (std::size_t i = 0; i < digits; ++i, ++at_) {
      if (!is_digit_at(from_, at_, 16))
        return false;
      c = c * 16 + static_cast<char32_t>(digit_of(from_[at_]));
    }
    if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
      return false;
    unicode::append(to_, c);
    return true;
  }

  void octal(char first) {
    auto c = static_cast<char32_t>(first - '0');
    for (int i = 0; i < 2 && is_digit_at(from_, at_, 8); ++i, ++at_)
      c = c * 8 + static_cast<char32_t>(from_[at_] - '0');
    unicode::append(to_, c);
  }

  std::string_view from_;
  std::size_t at_ = 0;
  std::string to_;
};

} // namespace

std::optional<std::string> unescaped(std::string_view literal) { return unescaper(literal).run(); }

} // namespace troupe::kernels::chat
