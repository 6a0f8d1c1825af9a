#pragma once

#include "kernels/grammar/grammar.hpp"

#include <nlohmann/json.hpp>
#include <random>

/// Texts walked through a grammar, over vocabularies made for the test.
namespace troupe::kernels::grammar::testing {

/// A token for each byte, and one more that ends texts.
inline std::shared_ptr<const token_index> single_bytes() {
  static const auto index = [] {
    std::vector<std::string> bytes;
    for (int byte = 0; byte < 256; ++byte)
      bytes.emplace_back(1, static_cast<char>(byte));
    bytes.emplace_back();
    return std::make_shared<const token_index>(std::move(bytes), 256);
  }();
  return index;
}

inline bool has(const std::vector<std::uint64_t>& bits, token_id id) {
  return (bits[static_cast<std::size_t>(id) / 64] >> (id % 64) & 1) != 0;
}

inline std::vector<std::uint64_t> allowed(token_constraint& text, std::size_t vocabulary) {
  std::vector<std::uint64_t> bits(words_for(vocabulary));
  text.allow(bits);
  return bits;
}

/// Every byte is allowed by the mask before it, and the text may end behind the last.
inline bool walks(const std::shared_ptr<grammar>& through, std::string_view text) {
  const auto at = grammar::begin(through);
  for (const char c : text)
    if (const auto id = static_cast<unsigned char>(c); !has(allowed(*at, 257), id) || !at->accept(id))
      return false;
  return has(allowed(*at, 257), 256);
}

inline std::shared_ptr<grammar> compiled(std::string_view schema) {
  auto made = grammar::of_schema(schema, single_bytes());
  if (!made)
    throw std::runtime_error(made.error().message);
  return *made;
}

inline bool fits(std::string_view schema, std::string_view text) { return walks(compiled(schema), text); }

inline std::string refusal(std::string_view schema) {
  const auto made = grammar::of_schema(schema, single_bytes());
  return made ? "" : made.error().message;
}

/// Some text of the grammar, written with random tokens that lean towards its end.
std::string written(const std::shared_ptr<grammar>& by, const token_index& tokens, std::mt19937& random);

/// Schemas and values over a few names and texts, so that they meet often.
nlohmann::json random_schema(std::mt19937& random, int depth);
nlohmann::json random_value(std::mt19937& random, int depth);

} // namespace troupe::kernels::grammar::testing
