#pragma once

#include "kernels/base/result.hpp"
#include "kernels/base/token_id.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace troupe::kernels {

enum class token_kind : unsigned char { normal, unknown, control, user_defined, unused, byte };

struct token {
  std::string text; // as the file spells it: "▁Hello", "Ġworld", "<0x0A>"
  token_kind kind = token_kind::normal;
  float score = 0;
};

/// The largest published vocabularies have 256 thousand tokens.
inline constexpr std::size_t vocabulary_max = 2'000'000;
/// The longest published tokens are runs of some hundred spaces or dashes.
inline constexpr std::size_t token_bytes_max = 1024;
/// Tokens that are looked for in text hold memory for each byte of theirs; published ones spell some 100 KB.
inline constexpr std::size_t searched_bytes_max = 4 * 1024 * 1024;

/// Tokens by number and by text.
class vocabulary {
public:
  /// Of two tokens with one text the first is found by it.
  static result<vocabulary> of(std::vector<token> tokens);

  std::size_t size() const noexcept { return tokens_.size(); }
  bool has(token_id id) const noexcept { return id >= 0 && static_cast<std::size_t>(id) < tokens_.size(); }
  /// `id` must be in the vocabulary.
  const token& operator[](token_id id) const noexcept { return tokens_[static_cast<std::size_t>(id)]; }

  std::optional<token_id> find(std::string_view text) const;
  /// The token that stands for one byte where no other fits: "<0x41>".
  std::optional<token_id> byte(unsigned char value) const;

private:
  explicit vocabulary(std::vector<token> tokens);

  std::vector<token> tokens_;
  std::unordered_map<std::string_view, token_id> ids_; // views into tokens_, whose texts never move again
};

/// The byte that "<0x41>" stands for.
std::optional<unsigned char> byte_of_token(std::string_view text) noexcept;

} // namespace troupe::kernels
