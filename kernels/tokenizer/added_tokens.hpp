#pragma once

#include "kernels/pattern/pattern.hpp"
#include "kernels/tokenizer/prefix_tree.hpp"
#include "kernels/tokenizer/vocabulary.hpp"

namespace troupe::kernels {

/// A token that is found in the text itself, before anything is split or merged.
struct added_token {
  std::string text;
  token_id id = -1;
  bool special = false;     // controls the model; text of a stranger must not spell it
  bool normalized = false;  // looked for in the normalized text
  bool single_word = false; // only between characters that are part of no word
  bool takes_left = false;  // with the white space in front of it
  bool takes_right = false; // and behind
};

/// A stretch of text, or one added token.
struct text_part {
  text_span where;
  std::optional<token_id> token;
};

/// Finds added tokens: the leftmost first, of those that begin there the longest.
class added_tokens {
public:
  void add(added_token one);

  const std::vector<added_token>& all() const noexcept { return tokens_; }
  bool empty() const noexcept { return tree_.empty(); }

  /// The text as stretches and tokens, in order and without gaps but for what tokens took with them. Without
  /// `special`, those are text like any other.
  std::vector<text_part> cut(std::string_view text, bool special) const;

private:
  std::optional<text_span> extent(std::string_view text, text_span found, const added_token& one,
                                  std::size_t from) const;

  std::vector<added_token> tokens_;
  prefix_tree tree_;
};

} // namespace troupe::kernels
