#include "kernels/tokenizer/vocabulary.hpp"

#include <array>

namespace troupe::kernels {

namespace {

constexpr std::string_view hex_digits = "0123456789ABCDEF";

std::optional<unsigned> hex(char c) noexcept {
  const auto at = hex_digits.find(c);
  if (at != std::string_view::npos)
    return static_cast<unsigned>(at);
  return c >= 'a' && c <= 'f' ? std::optional(static_cast<unsigned>(c - 'a' + 10)) : std::nullopt;
}

} // namespace

vocabulary::vocabulary(std::vector<token> tokens)
    : tokens_(std::move(tokens)) {
  ids_.reserve(tokens_.size());
  for (std::size_t i = 0; i < tokens_.size(); ++i)
    ids_.emplace(tokens_[i].text, static_cast<token_id>(i));
}

result<vocabulary> vocabulary::of(std::vector<token> tokens) {
  if (tokens.empty())
    return fail(fault::corrupt, "the vocabulary is empty");
  if (tokens.size() > vocabulary_max)
    return fail(fault::refused, "a vocabulary of " + std::to_string(tokens.size()) + " tokens; at most " +
                                    std::to_string(vocabulary_max) + " are read");
  std::size_t searched = 0;
  for (const auto& one : tokens)
    searched += one.kind == token_kind::normal || one.kind == token_kind::byte ? 0 : one.text.size();
  if (searched > searched_bytes_max)
    return fail(fault::refused, "special and user-defined tokens spell " + std::to_string(searched) +
                                    " bytes; at most " + std::to_string(searched_bytes_max) + " are read");
  for (std::size_t i = 0; i < tokens.size(); ++i)
    if (tokens[i].text.size() > token_bytes_max)
      return fail(fault::refused, "token " + std::to_string(i) + " has " +
                                      std::to_string(tokens[i].text.size()) + " bytes; at most " +
                                      std::to_string(token_bytes_max) + " are read");
  return vocabulary(std::move(tokens));
}

std::optional<token_id> vocabulary::find(std::string_view text) const {
  const auto found = ids_.find(text);
  return found == ids_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<token_id> vocabulary::byte(unsigned char value) const {
  const std::array<char, 6> name{'<', '0', 'x', hex_digits[value >> 4], hex_digits[value & 15], '>'};
  return find({name.data(), name.size()});
}

std::optional<unsigned char> byte_of_token(std::string_view text) noexcept {
  if (text.size() != 6 || !text.starts_with("<0x") || text.back() != '>')
    return std::nullopt;
  const auto high = hex(text[3]);
  const auto low = hex(text[4]);
  if (!high || !low)
    return std::nullopt;
  return static_cast<unsigned char>(*high * 16 + *low);
}

} // namespace troupe::kernels
