#pragma once

#include "kernels/grammar/automaton.hpp"
#include "kernels/grammar/text_decoder.hpp"
#include "kernels/grammar/token_index.hpp"

namespace troupe::kernels::grammar {

/// What the tokens do within one string or name, whatever is around it.
struct lexeme_mask {
  token_set inside;              // they stay within
  token_trie closing;            // what is left of those that hold the closing quote, behind it
  std::vector<token_id> twofold; // of these, the ones behind whose quote another string could begin and end
};

/// Masks of strings by the state they are in, made as they are asked for and kept.
class lexeme_masks {
public:
  static constexpr std::size_t kept_max = 4'000;
  /// A mask of a vocabulary of 128,000 has 16 KB.
  static constexpr std::size_t kept_bytes_max = 16 << 20;

  lexeme_masks(automaton& texts, std::shared_ptr<const token_index> tokens)
      : texts_(texts)
      , tokens_(std::move(tokens)) {}

  const lexeme_mask& of(term_id at, part_of_character part, spelling how);
  std::size_t bytes() const noexcept { return kept_.size() * bytes_of_one(); }

private:
  struct state {
    term_id at = 0;
    part_of_character part = 0;
  };

  std::size_t bytes_of_one() const noexcept { return tokens_->size() / 8 + 256; }
  lexeme_mask make(term_id at, part_of_character part, spelling how);
  term_id as_far_as_tokens_reach(term_id at);
  bool step(state& now, std::uint8_t byte, spelling how);
  void walk(const token_trie& trie, std::uint32_t place, state now, spelling how, lexeme_mask& mask);
  void close(const token_trie& trie, std::uint32_t place, std::string& rest);

  automaton& texts_;
  std::shared_ptr<const token_index> tokens_;
  std::unordered_map<std::uint64_t, std::unique_ptr<const lexeme_mask>> kept_;
  std::vector<std::pair<std::string, token_id>> rests_; // of the mask being made
};

} // namespace troupe::kernels::grammar
