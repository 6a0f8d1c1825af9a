#include "actors/models/reply.hpp"

#include "actors/models/limits.hpp"

#include <nlohmann/json.hpp>

namespace troupe::models {
namespace {

constexpr std::string_view blank = " \t\r\n";
constexpr std::string_view fence = "```";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(blank);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

/// What follows the thoughts of a reasoning model that sends them inline.
std::string_view without_thoughts(std::string_view text) {
  constexpr std::string_view opening = "<think>", closing = "</think>";
  if (!text.starts_with(opening))
    return text;
  const auto end = text.rfind(closing);
  return end == std::string_view::npos ? text : trimmed(text.substr(end + closing.size()));
}

std::optional<json> parsed(std::string_view text) {
  auto value = parse_json(text, limits::reply_bytes, "the answer");
  if (!value)
    return std::nullopt;
  return std::move(*value);
}

/// The content of the first fenced block that is JSON.
std::optional<json> fenced(std::string_view text) {
  auto open = text.find(fence);
  for (int tries = 0; open != std::string_view::npos && tries < limits::reply_candidates; ++tries) {
    const auto line_end = text.find('\n', open);
    const auto close = text.find(fence, open + fence.size());
    if (close == std::string_view::npos)
      return std::nullopt;
    if (line_end < close) // the opening line may name a language
      if (auto value = parsed(trimmed(text.substr(line_end, close - line_end))))
        return value;
    open = text.find(fence, close + fence.size());
  }
  return std::nullopt;
}

/// One past the bracket that closes the one at the start, or npos. Brackets in strings do not count.
std::size_t balanced_end(std::string_view text) {
  std::size_t open = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      i += c == '\\' ? 1 : 0;
      quoted = c != '"';
    } else if (c == '"') {
      quoted = true;
    } else if (c == '{' || c == '[') {
      ++open;
    } else if ((c == '}' || c == ']') && --open == 0) {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

/// The longest document between other words: a remark like "[1]" is shorter than what was asked for.
std::optional<json> longest_inside(std::string_view text) {
  std::optional<json> best;
  std::size_t best_length = 0;
  auto start = text.find_first_of("{[");
  for (int tries = 0; start != std::string_view::npos && tries < limits::reply_candidates; ++tries) {
    const std::size_t length = balanced_end(text.substr(start));
    std::size_t next = start + 1;
    if (length != std::string_view::npos && length > best_length) {
      if (auto value = parsed(text.substr(start, length))) {
        best = std::move(value);
        best_length = length;
        next = start + length;
      }
    }
    start = text.find_first_of("{[", next);
  }
  return best;
}

} // namespace

result<json> extract_json(std::string_view reply) {
  if (reply.size() > limits::reply_bytes)
    return fail(fault::invalid, "the answer has " + std::to_string(reply.size()) + " bytes; " +
                                    std::to_string(limits::reply_bytes) + " are allowed");
  const std::string_view text = without_thoughts(trimmed(reply));
  if (text.empty())
    return fail(fault::invalid, "the answer is empty");
  auto whole = parse_json(text, limits::reply_bytes, "the answer");
  if (whole)
    return whole;
  if (auto value = fenced(text))
    return std::move(*value);
  if (auto value = longest_inside(text))
    return std::move(*value);
  return tl::unexpected(whole.error());
}

chat_message repair_request(std::string_view what_is_wrong) {
  return {chat_role::user, "That answer cannot be used: " + std::string(what_is_wrong) +
                               ". Send the whole corrected JSON document and nothing else."};
}

} // namespace troupe::models
