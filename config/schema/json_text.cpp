#include "config/schema/json_text.hpp"

#include "config/limits.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace troupe::config {
namespace {

/// Bytes of the UTF-8 character the text begins with; 0 if it begins with none.
std::size_t sequence_length(std::string_view text) noexcept {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80)
    return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length)
    return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U)
      return 0;
  const auto second = static_cast<unsigned char>(text[1]);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool outside = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F);
  return overlong || outside ? 0 : length;
}

/// The library's words without its "[json.exception…]" prefix.
std::string reason(const json::exception& e) {
  const std::string_view text = e.what();
  const auto end = text.find("] ");
  return shorten(end == std::string_view::npos ? text : text.substr(end + 2), limits::quoted_text_bytes_max);
}

} // namespace

bool nests_within(std::string_view text, int depth) noexcept {
  int open = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        quoted = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      if (++open > depth)
        return false;
    } else if (c == '}' || c == ']') {
      --open;
    }
  }
  return true;
}

result<json> parse_json(std::string_view text, std::size_t bytes, std::string_view what) {
  const std::string name(what);
  if (text.size() > bytes)
    return fail(fault::invalid, name + " has " + std::to_string(text.size()) + " bytes; " +
                                    std::to_string(bytes) + " are allowed");
  if (!nests_within(text, limits::json_depth_max))
    return fail(fault::invalid,
                name + " nests deeper than " + std::to_string(limits::json_depth_max) + " levels");
  try {
    return json::parse(text);
  } catch (const json::exception& e) {
    return fail(fault::invalid, name + " is not JSON: " + reason(e));
  }
}

std::string dump_json(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string shorten(std::string_view text, std::size_t bytes) {
  std::string out;
  std::size_t i = 0;
  while (i < text.size()) {
    const std::size_t length = sequence_length(text.substr(i));
    if (out.size() + std::max<std::size_t>(length, 1) > bytes)
      return out + "…";
    if (length == 0)
      out += '?';
    else if (length == 1 && (static_cast<unsigned char>(text[i]) < 0x20 || text[i] == 0x7f))
      out += ' ';
    else
      out += text.substr(i, length);
    i += std::max<std::size_t>(length, 1);
  }
  return out;
}

} // namespace troupe::config
