#include "config/schema/schema_nodes.hpp"

#include <chrono>

namespace troupe::config {
namespace {

bool digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool hex(char c) noexcept { return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

/// The number that `length` digits at `at` spell, or -1.
int digits(std::string_view text, std::size_t at, std::size_t length) noexcept {
  if (at + length > text.size())
    return -1;
  int value = 0;
  for (std::size_t i = at; i < at + length; ++i) {
    if (!digit(text[i]))
      return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

bool within(int value, int most) noexcept { return value >= 0 && value <= most; }

bool is_date(std::string_view text) noexcept {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-')
    return false;
  const int year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  if (year < 0 || month < 0 || day < 0)
    return false;
  return std::chrono::year_month_day(std::chrono::year(year),
                                     std::chrono::month(static_cast<unsigned>(month)),
                                     std::chrono::day(static_cast<unsigned>(day)))
      .ok();
}

bool is_offset(std::string_view text) noexcept {
  if (text == "Z" || text == "z")
    return true;
  return text.size() == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':' &&
         within(digits(text, 1, 2), 23) && within(digits(text, 4, 2), 59);
}

bool is_time(std::string_view text) noexcept {
  if (text.size() < 9 || text[2] != ':' || text[5] != ':')
    return false;
  if (!within(digits(text, 0, 2), 23) || !within(digits(text, 3, 2), 59) || !within(digits(text, 6, 2), 60))
    return false;
  std::size_t end = 8;
  if (text[end] == '.') {
    const std::size_t first = ++end;
    while (end < text.size() && digit(text[end]))
      ++end;
    if (end == first)
      return false;
  }
  return is_offset(text.substr(end));
}

bool is_date_time(std::string_view text) noexcept {
  return text.size() > 11 && (text[10] == 'T' || text[10] == 't') && is_date(text.substr(0, 10)) &&
         is_time(text.substr(11));
}

/// One @ with something before it and a dotted or plain host after it: what can be said without asking the
/// host.
bool is_email(std::string_view text) noexcept {
  const auto at = text.rfind('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == text.size())
    return false;
  for (const char c : text)
    if (static_cast<unsigned char>(c) <= ' ')
      return false;
  return text.find('@') == at && text[at + 1] != '.' && text.back() != '.';
}

bool is_uuid(std::string_view text) noexcept {
  if (text.size() != 36)
    return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !hex(text[i]))
      return false;
  }
  return true;
}

/// A scheme, a colon and something after it, in the characters RFC 3986 allows.
bool is_uri(std::string_view text) noexcept {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size())
    return false;
  for (const char c : text)
    if (static_cast<unsigned char>(c) <= ' ' ||
        std::string_view("\"<>\\^`{|}").find(c) != std::string_view::npos)
      return false;
  for (const char c : text.substr(0, colon))
    if (!digit(c) && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && c != '+' && c != '-' && c != '.')
      return false;
  return !digit(text[0]);
}

} // namespace

text_format format_named(std::string_view name) noexcept {
  if (name == "date")
    return text_format::date;
  if (name == "time")
    return text_format::time;
  if (name == "date-time")
    return text_format::date_time;
  if (name == "email")
    return text_format::email;
  if (name == "uuid")
    return text_format::uuid;
  if (name == "uri")
    return text_format::uri;
  return text_format::none;
}

std::string_view format_words(text_format format) noexcept {
  switch (format) {
  case text_format::date:
    return "a date like 2026-11-20";
  case text_format::time:
    return "a time like 18:38:00Z";
  case text_format::date_time:
    return "a date and time like 2026-11-20T18:38:00Z";
  case text_format::email:
    return "an e-mail address";
  case text_format::uuid:
    return "a UUID";
  case text_format::uri:
    return "a URI with a scheme";
  case text_format::none:
    break;
  }
  return "a text";
}

bool has_format(std::string_view text, text_format format) noexcept {
  switch (format) {
  case text_format::date:
    return is_date(text);
  case text_format::time:
    return is_time(text);
  case text_format::date_time:
    return is_date_time(text);
  case text_format::email:
    return is_email(text);
  case text_format::uuid:
    return is_uuid(text);
  case text_format::uri:
    return is_uri(text);
  case text_format::none:
    break;
  }
  return true;
}

} // namespace troupe::config
