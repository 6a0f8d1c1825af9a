// How a mail is written down: RFC 5322 headers, RFC 2047 words, RFC 2045 quoted-printable.
#include "actors/builtin/mail_message.hpp"
#include "config/expression/base64.hpp"

#include <algorithm>
#include <array>

namespace troupe::builtin {
namespace {

constexpr std::size_t line_max = 76;        // of encoded text
constexpr std::size_t plain_line_max = 998; // of any line, without its end
constexpr std::size_t word_bytes = 42;      // as base64 with its frame they stay below 75

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 128; });
}

/// Encoded words hold whole characters, and a reader joins those that follow each other.
std::string encoded_words(std::string_view text) {
  std::string made;
  while (!text.empty()) {
    std::size_t take = std::min(word_bytes, text.size());
    while (take < text.size() && take > 1 && (static_cast<unsigned char>(text[take]) & 0xC0) == 0x80)
      --take;
    made +=
        (made.empty() ? "" : "\r\n ") + ("=?utf-8?B?" + expression::to_base64(text.substr(0, take)) + "?=");
    text.remove_prefix(take);
  }
  return made;
}

/// Folded at spaces where it gets long; a text with encoded-word marks of its own would be read as one.
std::string header_text(std::string_view text, std::size_t begun) {
  if (!is_ascii(text) || text.find("=?") != std::string_view::npos)
    return encoded_words(text);
  std::string made;
  std::size_t column = begun;
  while (!text.empty()) {
    const auto space = text.find(' ', 1);
    const auto word = text.substr(0, space);
    if (column + word.size() > line_max && word.size() > 1 && word.front() == ' ' && column > begun) {
      made += "\r\n";
      column = 0;
    }
    made += word;
    column += word.size();
    text.remove_prefix(word.size());
  }
  return column > plain_line_max ? encoded_words(made) : made;
}

std::string mailbox(const mail_address& who) {
  if (who.name.empty())
    return who.address;
  const auto name = is_ascii(who.name) && who.name.find("=?") == std::string::npos ? "\"" + who.name + "\""
                                                                                   : encoded_words(who.name);
  return name + " <" + who.address + ">";
}

std::string date_text(instant t) {
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(t - day));
  const auto two = [](auto n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return std::string(days[std::chrono::weekday(day).c_encoding()]) + ", " +
         two(static_cast<unsigned>(date.day())) + " " + months[static_cast<unsigned>(date.month()) - 1] +
         " " + std::to_string(static_cast<int>(date.year())) + " " + two(time.hours().count()) + ":" +
         two(time.minutes().count()) + ":" + two(time.seconds().count()) + " +0000";
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> made(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n')
      continue;
    if (text[i] == '\n' || text[i] == '\r')
      made.emplace_back();
    else
      made.back() += text[i];
  }
  if (made.size() > 1 && made.back().empty())
    made.pop_back();
  return made;
}

bool is_plain(const std::vector<std::string>& lines) {
  return std::all_of(lines.begin(), lines.end(), [](const std::string& line) {
    return line.size() <= plain_line_max &&
           std::all_of(line.begin(), line.end(), [](char c) { return (c >= ' ' && c < 127) || c == '\t'; });
  });
}

/// Spaces at the end of a line are encoded: servers strip them.
std::string quoted_printable(const std::string& line) {
  std::string made;
  std::size_t column = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool blank_at_end = (c == ' ' || c == '\t') && i + 1 == line.size();
    std::string part(1, c);
    if (!((c >= '!' && c <= '~' && c != '=') || ((c == ' ' || c == '\t') && !blank_at_end))) {
      const auto byte = static_cast<unsigned char>(c);
      part = {'=', "0123456789ABCDEF"[byte >> 4], "0123456789ABCDEF"[byte & 15]};
    }
    if (column + part.size() > line_max - 1) {
      made += "=\r\n";
      column = 0;
    }
    made += part;
    column += part.size();
  }
  return made;
}

} // namespace

std::string format_mail(const mail_message& what, const std::string& id, instant date) {
  std::string to;
  for (const auto& one : what.to)
    to += (to.empty() ? "" : ",\r\n ") + mailbox(one);
  const auto lines = lines_of(what.body);
  const bool plain = is_plain(lines);
  std::string made = "From: " + mailbox(what.from) + "\r\nTo: " + to +
                     "\r\nSubject: " + header_text(what.subject, 9) + "\r\nDate: " + date_text(date) +
                     "\r\nMessage-ID: <" + id +
                     ">\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n" +
                     "Content-Transfer-Encoding: " + (plain ? "7bit" : "quoted-printable") + "\r\n\r\n";
  for (const auto& line : lines)
    made += (plain ? line : quoted_printable(line)) + "\r\n";
  return made;
}

} // namespace troupe::builtin
