#include "config/diagnostic/diagnostic.hpp"

#include "config/limits.hpp"

#include <algorithm>

namespace troupe::config {
namespace {

constexpr std::size_t columns_before_caret = 60;
constexpr std::string_view ellipsis = "…";

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// `characters` steps from `offset`, within `text`.
std::size_t step_back(std::string_view text, std::size_t offset, std::size_t characters) {
  for (; characters > 0 && offset > 0; --characters)
    do
      --offset;
    while (offset > 0 && continues(text[offset]));
  return offset;
}

std::size_t step_forward(std::string_view text, std::size_t offset, std::size_t characters) {
  for (; characters > 0 && offset < text.size(); --characters)
    do
      ++offset;
    while (offset < text.size() && continues(text[offset]));
  return offset;
}

// A file may hold terminal escapes; a report must not execute them. Tabs stay: the caret line repeats them.
std::string make_harmless(std::string_view text) {
  std::string shown(text);
  std::replace_if(
      shown.begin(), shown.end(), [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7F; }, '?');
  return shown;
}

excerpt cut_excerpt(const source& in, const range& where) {
  const std::string_view line = in.line(where.begin.line);
  const auto line_offset = static_cast<std::size_t>(line.data() - in.text().data());
  const std::size_t caret =
      std::clamp(where.begin.offset, line_offset, line_offset + line.size()) - line_offset;
  const std::size_t begin = step_back(line, caret, columns_before_caret);
  const std::size_t end = step_forward(line, begin, limits::excerpt_columns_max);
  const std::size_t room = count_characters(line.substr(caret, end - caret));
  const bool one_line = where.begin.line == where.end.line;
  const std::size_t wanted = one_line ? where.end.column - where.begin.column : room;

  excerpt shown;
  shown.text = make_harmless(line.substr(begin, end - begin));
  shown.caret_begin = count_characters(line.substr(begin, caret - begin));
  shown.caret_width = std::max<std::size_t>(1, std::min(wanted, room));
  if (begin > 0) {
    shown.text.insert(0, ellipsis);
    ++shown.caret_begin;
  }
  if (end < line.size())
    shown.text += ellipsis;
  return shown;
}

} // namespace

std::string_view to_string(severity s) noexcept { return s == severity::error ? "error" : "warning"; }

diagnostic make_error(const source& in, const range& where, std::string_view code, std::string message,
                      std::string hint) {
  diagnostic made = make_error(in.name(), code, std::move(message), std::move(hint));
  made.where = where;
  made.shown = cut_excerpt(in, where);
  return made;
}

diagnostic make_error(std::string origin, std::string_view code, std::string message, std::string hint) {
  diagnostic made;
  made.code = code;
  made.message = std::move(message);
  made.hint = std::move(hint);
  made.file = std::move(origin);
  return made;
}

note make_note(const source& in, const range& where, std::string message) {
  return {std::move(message), in.name(), where, cut_excerpt(in, where)};
}

void diagnostics::add(diagnostic found) {
  ++(found.level == severity::error ? errors_ : warnings_);
  if (items_.size() < limits::diagnostics_max)
    items_.push_back(std::move(found));
}

void diagnostics::add_all(const diagnostics& others) {
  errors_ += others.errors_;
  warnings_ += others.warnings_;
  const std::size_t room = limits::diagnostics_max - items_.size();
  const auto taken = static_cast<std::ptrdiff_t>(std::min(room, others.items_.size()));
  items_.insert(items_.end(), others.items_.begin(), others.items_.begin() + taken);
}

} // namespace troupe::config
