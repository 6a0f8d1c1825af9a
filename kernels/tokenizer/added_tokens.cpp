#include "kernels/tokenizer/added_tokens.hpp"

#include "kernels/unicode/properties.hpp"
#include "kernels/unicode/utf8.hpp"

namespace troupe::kernels {

namespace {

bool is_word(char32_t c) {
  using namespace unicode::categories;
  return unicode::is_in(c, letter | mark | decimal_digit | connector_punctuation);
}

bool stands_alone(std::string_view text, text_span found) {
  auto before = found.begin;
  auto after = found.end;
  return !(before > 0 && is_word(unicode::previous(text, before))) &&
         !(after < text.size() && is_word(unicode::next(text, after)));
}

std::size_t without_space_before(std::string_view text, std::size_t at, std::size_t from) {
  while (at > from) {
    auto before = at;
    if (!unicode::is_white_space(unicode::previous(text, before)))
      break;
    at = before;
  }
  return at;
}

std::size_t without_space_behind(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    auto after = at;
    if (!unicode::is_white_space(unicode::next(text, after)))
      break;
    at = after;
  }
  return at;
}

} // namespace

void added_tokens::add(added_token one) {
  tree_.add(one.text, static_cast<std::uint32_t>(tokens_.size()));
  tokens_.push_back(std::move(one));
}

std::optional<text_span> added_tokens::extent(std::string_view text, text_span found, const added_token& one,
                                              std::size_t from) const {
  if (one.single_word && !stands_alone(text, found))
    return std::nullopt;
  if (one.takes_left)
    found.begin = without_space_before(text, found.begin, from);
  if (one.takes_right)
    found.end = without_space_behind(text, found.end);
  return found;
}

std::vector<text_part> added_tokens::cut(std::string_view text, bool special) const {
  std::vector<text_part> parts;
  std::size_t from = 0;
  const auto put_text = [&](std::size_t end) {
    if (end > from)
      parts.push_back({{from, end}, std::nullopt});
  };
  for (std::size_t at = 0; at < text.size() && !tree_.empty();) {
    const auto found = tree_.longest(text, at);
    if (!found) {
      ++at;
      continue;
    }
    const auto& one = tokens_[found->value];
    const text_span spelled{at, at + found->size};
    const auto where = special || !one.special ? extent(text, spelled, one, from) : std::nullopt;
    if (where) {
      put_text(where->begin);
      parts.push_back({*where, one.id});
      from = where->end;
    }
    at = where ? where->end : spelled.end;
  }
  put_text(text.size());
  return parts;
}

} // namespace troupe::kernels
