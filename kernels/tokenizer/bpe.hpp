#pragma once

#include "kernels/tokenizer/merges.hpp"
#include "kernels/tokenizer/prefix_tree.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace troupe::kernels {

/// What becomes of a merged text that is no token.
enum class unknown_text : unsigned char {
  bytes,     // its bytes' tokens, or the unknown one
  characters // each of its characters' tokens; those that have none are dropped
};

struct bpe_settings {
  bool byte_fallback = false;     // a character without a token becomes its bytes
  bool fuse_unknown = false;      // several unknown characters in a row are one
  bool whole_words_first = false; // a word that is a token is not built by merges
  unknown_text unknown_merged = unknown_text::bytes;
  std::optional<token_id> unknown; // none: such characters are dropped
  std::string inner_prefix;        // of every part of a word but its first
  std::string word_suffix;         // of a word's last part
};

struct ranked_pair {
  std::string left;
  std::string right;
};

/// Byte-pair encoding: a word's characters, merged pair by pair. Both families are this: byte-level
/// vocabularies list their merges, SentencePiece's score the results.
class bpe {
public:
  /// The merges in their order. A part or a result that is no token is refused when `strict`; GGUF files of
  /// published models have such merges, and there they are intermediate steps.
  static result<bpe> of_merges(std::shared_ptr<const vocabulary> words,
                               const std::vector<ranked_pair>& merges, bpe_settings how, bool strict);

  /// A pair may merge when the result is a token; better scores go first.
  static result<bpe> of_scores(std::shared_ptr<const vocabulary> words, bpe_settings how);

  /// Appends the tokens of one word, which must be UTF-8.
  void encode(std::string_view word, std::vector<token_id>& ids) const;

  const vocabulary& words() const noexcept { return *words_; }

private:
  /// Where a word's tokens go, and which of them is its first.
  struct sink {
    std::vector<token_id>& ids;
    std::size_t first;
  };

  bpe(std::shared_ptr<const vocabulary> words, bpe_settings how);

  result<done> add_ranked(const ranked_pair& pair, std::uint32_t rank, bool strict);
  void add_scored(token_id into, std::uint32_t rank);
  std::optional<token_id> scored_part(std::string_view text, bool is_character);
  std::optional<token_id> part(std::string_view text, bool may_be_missing);
  void note_characters();

  std::vector<symbol> split(std::string_view word) const;
  void split_character(std::string_view word, std::size_t begin, std::size_t end,
                       std::vector<symbol>& to) const;
  std::string decorated(std::string_view character, bool first, bool last) const;
  void merge_and_split_unused(std::vector<symbol>& symbols, std::string_view word, sink& to) const;
  void put(const symbol& one, std::string_view word, sink& to) const;
  void put_bytes(std::string_view text, sink& to) const;
  void put_characters(std::string_view text, sink& to) const;
  void put_unknown(sink& to) const;
  bool is_token(token_id id) const noexcept { return words_->has(id); }

  std::shared_ptr<const vocabulary> words_;
  bpe_settings how_;
  merge_table merges_;
  std::unordered_map<std::string, token_id>
      missing_; // parts of merges that are no tokens, numbered after them
  std::unordered_map<char32_t, token_id> characters_; // tokens and missing parts of one character
  std::vector<token_id> near_characters_;             // the same for the first few, by number
  prefix_tree whole_;                                 // user-defined tokens are never split
  bool has_unused_ = false;
};

} // namespace troupe::kernels
