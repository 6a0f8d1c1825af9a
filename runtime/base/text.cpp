#include "runtime/base/text.hpp"

#include "config/diagnostic/source.hpp"
#include "config/limits.hpp"

#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

namespace troupe {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// The deepest nesting of brackets outside strings. Text that is no JSON gives any number.
std::size_t depth_of(std::string_view text) noexcept {
  std::size_t depth = 0;
  std::size_t deepest = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\')
      ++i;
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && (c == '[' || c == '{'))
      deepest = std::max(deepest, ++depth);
    else if (!quoted && (c == ']' || c == '}') && depth > 0)
      --depth;
  }
  return deepest;
}

/// A number of digits only, the commonest small message: it needs no parser.
std::optional<std::uint64_t> plain_number(std::string_view text) noexcept {
  constexpr std::size_t digits_that_fit = 18;
  std::uint64_t number = 0;
  const auto* end = text.data() + text.size();
  bool plain = !text.empty() && text.size() <= digits_that_fit && (text[0] != '0' || text.size() == 1) &&
               text[0] >= '0' && text[0] <= '9';
  if (!plain || std::from_chars(text.data(), end, number).ptr != end)
    return std::nullopt;
  return number;
}

} // namespace

bool is_utf8(std::string_view text) noexcept { return config::first_invalid_utf8(text) == text.npos; }

std::string as_utf8(std::string_view text) {
  std::string clean;
  for (auto bad = config::first_invalid_utf8(text); bad != text.npos;
       bad = config::first_invalid_utf8(text)) {
    clean += text.substr(0, bad);
    clean += replacement;
    text.remove_prefix(bad + 1);
  }
  clean += text;
  return clean;
}

json read_json(std::string_view text) {
  if (auto number = plain_number(text))
    return *number;
  if (depth_of(text) > limits::document_depth_max)
    return json(json::value_t::discarded);
  return json::parse(text, nullptr, false);
}

} // namespace troupe
