#include "kernels/chat/failure.hpp"
#include "kernels/chat/python.hpp"
#include "kernels/unicode/properties.hpp"
#include "kernels/unicode/utf8.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace troupe::kernels::chat {

namespace {

std::string hex(char32_t c, int digits) {
  constexpr std::string_view letters = "0123456789abcdef";
  std::string text;
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
    text += letters[(c >> shift) & 15];
  return text;
}

bool is_printable(char32_t c) {
  static const auto hidden = unicode::categories::other | unicode::categories::separator;
  return c == ' ' || !unicode::is_in(c, hidden);
}

void show_character(char32_t c, char quote, std::string& to) {
  if (c == '\\' || c == static_cast<unsigned char>(quote))
    (to += '\\') += static_cast<char>(c);
  else if (c == '\n')
    to += "\\n";
  else if (c == '\r')
    to += "\\r";
  else if (c == '\t')
    to += "\\t";
  else if (is_printable(c))
    unicode::append(to, c);
  else if (c < 0x100)
    to += "\\x" + hex(c, 2);
  else if (c < 0x10000)
    to += "\\u" + hex(c, 4);
  else
    to += "\\U" + hex(c, 8);
}

std::string joined(const value_list& items, std::size_t level) {
  std::string text;
  for (const auto& item : items)
    text += (text.empty() ? "" : ", ") + shown(item, level);
  return text;
}

std::string shown_range(const sequence& range) {
  auto text = "range(" + std::to_string(range.first) + ", " + std::to_string(range.last);
  return text + (range.step == 1 ? ")" : ", " + std::to_string(range.step) + ")");
}

std::string shown_sequence(const sequence& all, std::size_t level) {
  switch (all.kind) {
  case sequence_kind::list:
    return "[" + joined(all.items, level) + "]";
  case sequence_kind::tuple:
  case sequence_kind::group:
    return "(" + joined(all.items, level) + (all.items.size() == 1 ? ",)" : ")");
  case sequence_kind::keys:
    return "dict_keys([" + joined(all.items, level) + "])";
  case sequence_kind::values:
    return "dict_values([" + joined(all.items, level) + "])";
  case sequence_kind::items:
    return "dict_items([" + joined(all.items, level) + "])";
  case sequence_kind::range:
    return shown_range(all);
  }
  return {};
}

std::string shown_mapping(const mapping& all, std::size_t level) {
  std::string text = "{";
  for (const auto& [key, what] : all.entries())
    text += (text.size() == 1 ? "" : ", ") + shown(key, level) + ": " + shown(what, level);
  return text + "}";
}

struct shower {
  std::size_t level;

  std::string operator()(const value::missing&) const { return "Undefined"; }
  std::string operator()(const value::nothing&) const { return "None"; }
  std::string operator()(bool v) const { return v ? "True" : "False"; }
  std::string operator()(std::int64_t v) const { return std::to_string(v); }
  std::string operator()(double v) const { return shown_real(v); }
  std::string operator()(const value::large& v) const { return *v.digits; }
  std::string operator()(const text_ptr& v) const { return shown_text(*v); }
  std::string operator()(const std::shared_ptr<const sequence>& v) const {
    return shown_sequence(*v, level + 1);
  }
  std::string operator()(const std::shared_ptr<const mapping>& v) const {
    return shown_mapping(*v, level + 1);
  }
  std::string operator()(const std::shared_ptr<object>& v) const { return v->shown(level + 1); }
};

} // namespace

std::string shown_text(std::string_view text) {
  const char quote = text.find('\'') != text.npos && text.find('"') == text.npos ? '"' : '\'';
  std::string to(1, quote);
  for (std::size_t at = 0; at < text.size();)
    show_character(unicode::next(text, at), quote, to);
  return to + quote;
}

/// The shortest digits that read back as the number; an exponent below 1e-4 and from 1e16 on.
std::string shown_real(double number) {
  if (std::isnan(number))
    return "nan";
  if (std::isinf(number))
    return number < 0 ? "-inf" : "inf";
  std::array<char, 64> buffer{};
  const auto magnitude = std::abs(number);
  const bool exponent = magnitude != 0 && (magnitude < 1e-4 || magnitude >= 1e16);
  const auto format = exponent ? std::chars_format::scientific : std::chars_format::fixed;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, format).ptr;
  std::string text(buffer.data(), end);
  if (!exponent && text.find('.') == text.npos)
    text += ".0";
  return text;
}

std::string to_text(const value& v) {
  if (v.is_text())
    return v.text();
  return v.is_undefined() ? std::string() : shown(v);
}

std::string shown(const value& v, std::size_t level) {
  if (level > 2 * value_depth_max)
    give_up("values are nested too deeply to be shown"); // namespaces may hold each other in a ring
  return std::visit(shower{level}, v.held());
}

namespace {

struct type_namer {
  std::string operator()(const value::missing&) const { return "Undefined"; }
  std::string operator()(const value::nothing&) const { return "NoneType"; }
  std::string operator()(bool) const { return "bool"; }
  std::string operator()(std::int64_t) const { return "int"; }
  std::string operator()(double) const { return "float"; }
  std::string operator()(const value::large&) const { return "int"; }
  std::string operator()(const text_ptr&) const { return "str"; }
  std::string operator()(const std::shared_ptr<const sequence>& v) const {
    static constexpr std::array<std::string_view, 7> names{"list",        "tuple",      "tuple", "dict_keys",
                                                           "dict_values", "dict_items", "range"};
    return std::string(names[static_cast<std::size_t>(v->kind)]);
  }
  std::string operator()(const std::shared_ptr<const mapping>&) const { return "dict"; }
  std::string operator()(const std::shared_ptr<object>& v) const { return v->name(); }
};

} // namespace

std::string type_name(const value& v) { return std::visit(type_namer{}, v.held()); }

void require_defined(const value& v) {
  if (v.is_undefined())
    give_up(v.why_missing());
}

} // namespace troupe::kernels::chat
