#pragma once

#include "kernels/grammar/lexeme_masks.hpp"
#include "kernels/grammar/text_reader.hpp"

namespace troupe::kernels::grammar {

/// Which tokens a text may go on with: what is known about strings as a whole where it stands in one, token
/// by token elsewhere.
class mask_maker {
public:
  mask_maker(text_reader& reader, lexeme_masks& lexemes, const token_index& tokens)
      : reader_(reader)
      , lexemes_(lexemes)
      , tokens_(tokens) {}

  void allow(const readings& all, token_set& out);

private:
  struct spelled_part {
    part_of_character part = 0;
    spelling how = spelling::json;
  };

  void walk(const token_trie& trie, std::uint32_t place, const readings& from, std::size_t depth,
            token_set& out);
  void add_string(const reading& one, token_set& out);
  void add_closing(const reading& one, const token_trie& closing, token_set& out);
  void add_names(const reading& one, std::uint32_t place, token_set& out);
  void add_name_byte(const reading& one, std::uint32_t child, token_set& out);
  void remove_text(std::string_view text, spelled_part before, std::uint32_t place, token_set& from);
  void remove_below(std::uint32_t place, token_set& from);
  bool allows(const reading& one, token_id token);

  text_reader& reader_;
  lexeme_masks& lexemes_;
  const token_index& tokens_;
  std::deque<readings> levels_; // of the walk, by depth
};

} // namespace troupe::kernels::grammar
