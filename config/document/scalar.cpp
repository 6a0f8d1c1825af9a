#include "config/document/scalar.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

namespace troupe::config {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_one_of(std::string_view text, const std::array<std::string_view, 3>& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

std::string_view without_sign(std::string_view text) {
  return text.starts_with('-') || text.starts_with('+') ? text.substr(1) : text;
}

std::size_t count_digits(std::string_view text) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
}

bool is_decimal(std::string_view text) {
  const std::string_view digits = without_sign(text);
  return !digits.empty() && count_digits(digits) == digits.size();
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool is_real(std::string_view text) {
  std::string_view rest = without_sign(text);
  const std::size_t whole = count_digits(rest);
  rest.remove_prefix(whole);
  if (rest.starts_with('.')) {
    const std::size_t fraction = count_digits(rest.substr(1));
    if (whole + fraction == 0)
      return false;
    rest.remove_prefix(1 + fraction);
  } else if (whole == 0) {
    return false;
  }
  if (rest.empty())
    return true;
  return (rest.front() == 'e' || rest.front() == 'E') && is_decimal(rest.substr(1));
}

scalar_value read_integer(std::string_view digits, int base) {
  std::int64_t value = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (failure != std::errc{} || end != digits.data() + digits.size())
    return number_too_large{};
  return value;
}

scalar_value read_real(std::string_view text) {
  const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
  double value = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (failure != std::errc{} || end != digits.data() + digits.size())
    return number_too_large{};
  return value;
}

bool is_based(std::string_view text, std::string_view prefix, std::string_view digits) {
  return text.starts_with(prefix) && text.size() > prefix.size() &&
         text.find_first_not_of(digits, prefix.size()) == std::string_view::npos;
}

scalar_value resolve_number(std::string_view text) {
  if (is_decimal(text))
    return read_integer(text.starts_with('+') ? text.substr(1) : text, 10);
  if (is_based(text, "0o", "01234567"))
    return read_integer(text.substr(2), 8);
  if (is_based(text, "0x", "0123456789abcdefABCDEF"))
    return read_integer(text.substr(2), 16);
  if (is_real(text))
    return read_real(text);
  if (is_one_of(without_sign(text), {".inf", ".Inf", ".INF"}))
    return text.starts_with('-') ? -std::numeric_limits<double>::infinity()
                                 : std::numeric_limits<double>::infinity();
  if (is_one_of(text, {".nan", ".NaN", ".NAN"}))
    return std::numeric_limits<double>::quiet_NaN();
  return text;
}

} // namespace

std::string_view with_article(node_kind kind) noexcept {
  switch (kind) {
  case node_kind::null:
    return "null";
  case node_kind::boolean:
    return "a boolean";
  case node_kind::integer:
    return "an integer";
  case node_kind::real:
    return "a real number";
  case node_kind::text:
    return "text";
  case node_kind::list:
    return "a list";
  case node_kind::map:
    return "a map";
  }
  return "a value";
}

scalar_value resolve_plain(std::string_view text) {
  if (text.empty() || text == "~" || is_one_of(text, {"null", "Null", "NULL"}))
    return std::monostate{};
  if (is_one_of(text, {"true", "True", "TRUE"}))
    return true;
  if (is_one_of(text, {"false", "False", "FALSE"}))
    return false;
  return resolve_number(text);
}

} // namespace troupe::config
