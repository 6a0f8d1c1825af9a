#include "kernels/tokenizer/sentencepiece.hpp"
#include "kernels/unicode/utf8.hpp"

namespace troupe::kernels {

namespace {

constexpr std::string_view space_mark = "▁";

} // namespace

piece_normalizer::piece_normalizer(character_map map, piece_spacing spacing, const vocabulary& words)
    : map_(std::move(map))
    , spacing_(spacing) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& one = words[static_cast<token_id>(i)];
    if (one.kind == token_kind::user_defined)
      whole_.add(one.text, static_cast<std::uint32_t>(i));
  }
}

piece_normalizer::piece piece_normalizer::first_of(std::string_view text) const {
  if (const auto whole = whole_.longest(text, 0))
    return {whole->size, std::string(text.substr(0, whole->size))};
  if (const auto mapped = map_.longest(text))
    return {mapped->size, std::string(mapped->with)};
  std::size_t size = 0;
  unicode::next(text, size);
  return {size, std::string(text.substr(0, size))};
}

void piece_normalizer::put(std::string_view piece, std::string& to) const {
  for (const char byte : piece) {
    if (byte == ' ' && spacing_.escape_whitespaces)
      to += space_mark;
    else
      to += byte;
  }
}

std::string piece_normalizer::operator()(std::string_view text) const {
  const bool removes = spacing_.remove_extra_whitespaces;
  while (removes && !text.empty()) {
    const auto first = first_of(text);
    if (first.with != " ")
      break;
    text.remove_prefix(first.size);
  }
  if (text.empty())
    return {};
  std::string to;
  if (spacing_.add_dummy_prefix && !spacing_.whitespace_as_suffix)
    put(" ", to);
  bool after_space = removes;
  while (!text.empty()) {
    const auto next = first_of(text);
    std::string_view piece = next.with;
    while (after_space && piece.starts_with(' '))
      piece.remove_prefix(1);
    put(piece, to);
    if (!piece.empty())
      after_space = removes && piece.ends_with(' ');
    text.remove_prefix(next.size);
  }
  const auto space = spacing_.escape_whitespaces ? space_mark : std::string_view(" ");
  while (removes && to.ends_with(space))
    to.erase(to.size() - space.size());
  if (spacing_.add_dummy_prefix && spacing_.whitespace_as_suffix)
    put(" ", to);
  return to;
}

} // namespace troupe::kernels
