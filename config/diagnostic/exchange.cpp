#include "config/diagnostic/exchange.hpp"

#include <set>

namespace troupe::config {
namespace {

// Of a property or a message of a command.
std::string escaped(std::string_view text, bool property) {
  std::string safe;
  for (const char c : text) {
    if (c == '%')
      safe += "%25";
    else if (c == '\r')
      safe += "%0D";
    else if (c == '\n')
      safe += "%0A";
    else if (property && c == ':')
      safe += "%3A";
    else if (property && c == ',')
      safe += "%2C";
    else
      safe += c;
  }
  return safe;
}

std::string with_hint(const diagnostic& d) {
  return d.hint.empty() ? d.message : d.message + " (" + d.hint + ")";
}

// A path within a URI: bytes that URIs do not take are written as %XX.
std::string uri_of(std::string_view file) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string uri;
  for (const char c : file) {
    const auto byte = static_cast<unsigned char>(c);
    if (plain.find(c) != std::string_view::npos)
      uri += c;
    else
      uri += std::string("%") + digits[byte >> 4U] + digits[byte & 0xFU];
  }
  return uri;
}

std::string region(const range& where) {
  const auto number = [](const char* name, std::size_t value) {
    return std::string("\"") + name + "\":" + std::to_string(value);
  };
  return "{" + number("startLine", where.begin.line) + "," + number("startColumn", where.begin.column) + "," +
         number("endLine", where.end.line) + "," + number("endColumn", where.end.column) + "}";
}

std::string location(const std::string& file, const std::optional<range>& where) {
  std::string text = "{\"physicalLocation\":{\"artifactLocation\":{\"uri\":" + quote_json(uri_of(file)) + "}";
  if (where)
    text += ",\"region\":" + region(*where);
  return text + "}";
}

std::string sarif_result(const diagnostic& d) {
  std::string text = "{\"ruleId\":" + quote_json(d.code) + ",\"level\":" + quote_json(to_string(d.level)) +
                     ",\"message\":{\"text\":" + quote_json(with_hint(d)) + "},\"locations\":[" +
                     location(d.file, d.where) + "}]";
  if (!d.notes.empty()) {
    text += ",\"relatedLocations\":[";
    for (std::size_t i = 0; i < d.notes.size(); ++i)
      text += (i > 0 ? "," : "") + location(d.notes[i].file, d.notes[i].where) +
              ",\"message\":{\"text\":" + quote_json(d.notes[i].message) + "}}";
    text += "]";
  }
  return text + "}";
}

} // namespace

std::string render_sarif(const diagnostics& found, std::string_view tool_version) {
  std::set<std::string> codes;
  for (const diagnostic& d : found.items())
    codes.insert(d.code);
  std::string rules;
  for (const std::string& code : codes)
    rules += (rules.empty() ? "" : ",") + ("{\"id\":" + quote_json(code) + "}");
  std::string results;
  for (const diagnostic& d : found.items())
    results += (results.empty() ? "" : ",") + sarif_result(d);
  return "{\"$schema\":\"https://json.schemastore.org/"
         "sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\"tool\":{"
         "\"driver\":{\"name\":\"troupe\",\"version\":" +
         quote_json(tool_version) + ",\"rules\":[" + rules +
         "]}},\"columnKind\":\"unicodeCodePoints\",\"results\":[" + results + "]}]}";
}

std::string render_github(const diagnostics& found) {
  std::string text;
  for (const diagnostic& d : found.items()) {
    text += "::" + std::string(to_string(d.level)) + " file=" + escaped(d.file, true);
    if (d.where) {
      text +=
          ",line=" + std::to_string(d.where->begin.line) + ",endLine=" + std::to_string(d.where->end.line);
      if (d.where->begin.line == d.where->end.line)
        text += ",col=" + std::to_string(d.where->begin.column) +
                ",endColumn=" + std::to_string(d.where->end.column);
    }
    text += ",title=" + escaped(d.code, true) + "::" + escaped(with_hint(d), false) + "\n";
  }
  return text;
}

} // namespace troupe::config
