#include "kernels/chat/text_tools.hpp"

#include "kernels/chat/failure.hpp"
#include "kernels/chat/machine.hpp"
#include "kernels/unicode/properties.hpp"
#include "kernels/unicode/transform.hpp"
#include "kernels/unicode/utf8.hpp"

#include <algorithm>

namespace troupe::kernels::chat {

namespace {

/// Python counts the separators of ASCII as white space too.
bool is_space(char32_t c) { return unicode::is_white_space(c) || (c >= 0x1c && c <= 0x1f); }

} // namespace

std::string stripped(std::string_view text, const std::optional<std::string>& set, bool left, bool right) {
  const auto characters = unicode::decoded(set.value_or(""));
  const auto goes = [&](char32_t c) {
    return set ? std::ranges::find(characters, c) != characters.end() : is_space(c);
  };
  std::size_t begin = 0;
  std::size_t end = text.size();
  for (auto at = begin; left && begin < end; begin = at)
    if (!goes(unicode::next(text, at)))
      break;
  for (auto at = end; right && end > begin; end = at)
    if (!goes(unicode::previous(text, at)))
      break;
  return std::string(text.substr(begin, end - begin));
}

std::string replaced(machine& with, std::string_view text, std::string_view what, std::string_view by,
                     std::int64_t count) {
  std::string to;
  std::size_t from = 0;
  const auto put = [&](std::size_t begin, std::size_t size) {
    with.spend();
    with.hold(begin - from + by.size());
    to.append(text.substr(from, begin - from)).append(by);
    from = begin + size;
  };
  if (what.empty()) { // between all characters
    for (std::size_t at = 0; count != 0; --count) {
      put(at, 0);
      if (at == text.size())
        break;
      unicode::next(text, at);
    }
  } else {
    for (auto at = text.find(what); at != text.npos && count != 0; at = text.find(what, from), --count)
      put(at, what.size());
  }
  return to.append(text.substr(from));
}

bool is_line_end(char32_t c) {
  return (c >= 0x0a && c <= 0x0d) || (c >= 0x1c && c <= 0x1e) || c == 0x85 || c == 0x2028 || c == 0x2029;
}

std::vector<std::string> split_lines(std::string_view text, bool keep_ends) {
  std::vector<std::string> lines;
  std::size_t from = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto begin = at;
    const auto c = unicode::next(text, at);
    if (!is_line_end(c))
      continue;
    if (c == '\r' && at < text.size() && text[at] == '\n')
      ++at;
    lines.emplace_back(text.substr(from, (keep_ends ? at : begin) - from));
    from = at;
  }
  if (from < text.size())
    lines.emplace_back(text.substr(from));
  return lines;
}

std::vector<std::string> split_words(std::string_view text, std::int64_t most) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    const auto begin = at;
    if (is_space(unicode::next(text, at)))
      continue;
    if (most >= 0 && static_cast<std::int64_t>(words.size()) == most) {
      words.push_back(stripped(text.substr(begin), std::nullopt, false, true));
      break;
    }
    auto end = at;
    while (at < text.size() && !is_space(unicode::next(text, at)))
      end = at;
    words.emplace_back(text.substr(begin, end - begin));
  }
  return words;
}

std::string title_of(char32_t c) {
  if (const auto title = unicode::titled(c); title != c)
    return unicode::encoded(title);
  // Several characters: the first letter is upper, what follows lower, as in "Ss".
  std::string to;
  bool first_found = false;
  for (const auto one : unicode::decoded(unicode::to_upper(unicode::encoded(c)))) {
    unicode::append(to, first_found ? unicode::lowered(one) : one);
    first_found = first_found || unicode::is_cased(one);
  }
  return to;
}

std::string capitalized(std::string_view text) {
  if (text.empty())
    return {};
  std::size_t at = 0;
  const auto first = unicode::next(text, at);
  return title_of(first) + unicode::to_lower(text.substr(at));
}

std::string spaces(machine& with, std::int64_t count) {
  const auto size = static_cast<std::size_t>(std::max<std::int64_t>(count, 0));
  with.hold(size);
  return std::string(size, ' ');
}

std::string centered(machine& with, const std::string& text, std::int64_t width, std::string_view fill) {
  const auto gap = width - static_cast<std::int64_t>(unicode::length(text));
  if (gap <= 0)
    return text;
  with.at_most(gap, fill.size());
  const auto left = gap / 2 + (gap & width & 1); // as Python does it
  std::string to;
  for (std::int64_t i = 0; i < gap; ++i) {
    if (i == left)
      to += text;
    to += fill;
  }
  return left == gap ? to + text : to;
}

} // namespace troupe::kernels::chat
