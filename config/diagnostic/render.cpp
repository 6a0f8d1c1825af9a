#include "config/diagnostic/diagnostic.hpp"

#include <algorithm>

namespace troupe::config {
namespace {

std::string place(const std::string& file, const std::optional<range>& where) {
  if (!where)
    return file;
  return file + ":" + std::to_string(where->begin.line) + ":" + std::to_string(where->begin.column);
}

// The blanks under the text before the caret; tabs are repeated so that both lines indent alike.
std::string under(const excerpt& shown) {
  std::string blanks;
  std::size_t characters = 0;
  for (const char c : shown.text) {
    if (count_characters({&c, 1}) == 0)
      continue;
    if (characters++ == shown.caret_begin)
      break;
    blanks += c == '\t' ? '\t' : ' ';
  }
  blanks.resize(std::max(blanks.size(), shown.caret_begin), ' ');
  return blanks;
}

std::string render_excerpt(std::uint32_t line, const excerpt& shown) {
  if (shown.text.empty())
    return {};
  std::string number = std::to_string(line);
  number.insert(0, number.size() < 5 ? 5 - number.size() : 0, ' ');
  const std::string gutter(number.size(), ' ');
  return number + " | " + shown.text + "\n" + gutter + " | " + under(shown) +
         std::string(shown.caret_width, '^') + "\n";
}

std::string render_note(const note& n) {
  return place(n.file, n.where) + ": note: " + n.message + "\n" + render_excerpt(n.where.begin.line, n.shown);
}

std::string counted(std::size_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

std::string json_range(const range& where) {
  const auto field = [](std::string_view name, std::size_t value) {
    return ",\"" + std::string(name) + "\":" + std::to_string(value);
  };
  return field("line", where.begin.line) + field("column", where.begin.column) +
         field("end_line", where.end.line) + field("end_column", where.end.column) +
         field("offset", where.begin.offset) + field("end_offset", where.end.offset);
}

std::string json_note(const note& n) {
  return "{\"message\":" + quote_json(n.message) + ",\"file\":" + quote_json(n.file) + json_range(n.where) +
         "}";
}

template<class T, class Render>
std::string json_list(const std::vector<T>& items, Render render) {
  std::string list = "[";
  for (const T& item : items)
    list += (list.size() > 1 ? "," : "") + render(item);
  return list + "]";
}

std::string json_diagnostic(const diagnostic& d) {
  std::string json = "{\"severity\":" + quote_json(to_string(d.level)) + ",\"code\":" + quote_json(d.code) +
                     ",\"file\":" + quote_json(d.file);
  if (d.where)
    json += json_range(*d.where);
  json += ",\"message\":" + quote_json(d.message);
  if (!d.hint.empty())
    json += ",\"hint\":" + quote_json(d.hint);
  return json + ",\"notes\":" + json_list(d.notes, json_note) + "}";
}

std::string escape_character(char c) {
  switch (c) {
  case '"':
    return "\\\"";
  case '\\':
    return "\\\\";
  case '\n':
    return "\\n";
  case '\r':
    return "\\r";
  case '\t':
    return "\\t";
  default:
    break;
  }
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x20 && byte != 0x7F)
    return {c};
  constexpr std::string_view digits = "0123456789abcdef";
  return std::string("\\u00") + digits[byte >> 4U] + digits[byte & 0xFU];
}

} // namespace

std::string quote_json(std::string_view text) {
  std::string quoted = "\"";
  while (!text.empty()) {
    const std::size_t valid = std::min(first_invalid_utf8(text), text.size());
    for (const char c : text.substr(0, valid))
      quoted += escape_character(c);
    text.remove_prefix(valid);
    if (!text.empty()) {
      quoted += "\\ufffd";
      text.remove_prefix(1);
    }
  }
  return quoted + "\"";
}

std::string render_text(const diagnostic& d) {
  std::string text = place(d.file, d.where) + ": " + std::string(to_string(d.level)) + ": " + d.message;
  if (!d.code.empty())
    text += " [" + d.code + "]";
  text += "\n";
  if (d.where)
    text += render_excerpt(d.where->begin.line, d.shown);
  for (const note& n : d.notes)
    text += render_note(n);
  if (!d.hint.empty())
    text += "   hint: " + d.hint + "\n";
  return text;
}

std::string render_text(const diagnostics& found, std::size_t files) {
  std::string text;
  for (const diagnostic& d : found.items())
    text += render_text(d);
  const std::size_t unseen = found.errors() + found.warnings() - found.items().size();
  if (unseen > 0)
    text += "and " + std::to_string(unseen) + " more\n";
  return text + counted(found.errors(), "error") + ", " + counted(found.warnings(), "warning") + " in " +
         counted(files, "file") + "\n";
}

std::string render_json(const diagnostics& found, std::size_t files) {
  return "{\"diagnostics\":" + json_list(found.items(), json_diagnostic) +
         ",\"errors\":" + std::to_string(found.errors()) +
         ",\"warnings\":" + std::to_string(found.warnings()) + ",\"files\":" + std::to_string(files) + "}";
}

} // namespace troupe::config
