#include "cli/commands/model/raw_json.hpp"

#include <algorithm>

namespace troupe::cli {

namespace {

std::size_t skip_space(std::string_view text, std::size_t at) {
  return std::min(text.find_first_not_of(" \t\r\n", at), text.size());
}

std::size_t skip_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at)
    at += text[at] == '\\' ? 1 : 0;
  return std::min(at + 1, text.size());
}

std::size_t skip_value(std::string_view text, std::size_t at) {
  if (at < text.size() && text[at] == '"')
    return skip_string(text, at);
  if (at < text.size() && text[at] != '{' && text[at] != '[')
    return std::min(text.find_first_of(",]} \t\r\n", at), text.size());
  std::size_t depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = skip_string(text, at);
      continue;
    }
    ++at;
    depth += c == '{' || c == '[' ? 1 : 0;
    if ((c == '}' || c == ']') && --depth == 0)
      break;
  }
  return at;
}

} // namespace

std::vector<raw_member> raw_members(std::string_view text) {
  std::vector<raw_member> all;
  auto at = skip_space(text, 0);
  if (at == text.size() || (text[at] != '{' && text[at] != '['))
    return all;
  const bool object = text[at] == '{';
  at = skip_space(text, at + 1);
  while (at < text.size() && text[at] != '}' && text[at] != ']') {
    std::string_view key;
    if (object) {
      const auto end = skip_string(text, at);
      key = text.substr(at + 1, end - at - 2);
      at = skip_space(text, skip_space(text, end) + 1); // behind the colon
    }
    const auto end = skip_value(text, at);
    all.emplace_back(key, text.substr(at, end - at));
    at = skip_space(text, end);
    at = at < text.size() && text[at] == ',' ? skip_space(text, at + 1) : at;
  }
  return all;
}

std::string_view raw_member_of(std::string_view object, std::string_view key) {
  for (const auto& [name, value] : raw_members(object))
    if (name == key)
      return value;
  return {};
}

} // namespace troupe::cli
