#pragma once

#include "kernels/tokenizer/vocabulary.hpp"

#include <utility>

namespace troupe::kernels {

/// How tokens become text again.
struct decoding {
  bool byte_level = false;                                  // tokens are spelled in the byte alphabet
  bool byte_tokens = false;                                 // "<0x41>" is the byte it names
  std::vector<std::pair<std::string, std::string>> replace; // in this order, within each token
  std::string strip;                                        // taken away at the beginning of the text …
  std::size_t strip_max = 0;                                // … this often
  bool strips_each = false;                                 // of each token instead
  std::string separator;                                    // between tokens
  std::string unknown;                                      // for the unknown token; empty: as it is spelled
};

class tokenizer;

/// Tokens to text as they come. What it hands out is always whole characters; bytes that never become one
/// come out as U+FFFD. Concatenated, that is exactly what all tokens at once decode to.
class detokenizer {
public:
  /// Without `special`, tokens that control the model are not shown. `of` must outlive this.
  detokenizer(const tokenizer& of, bool special);

  /// What can be shown now; often nothing. Numbers outside the vocabulary show nothing.
  std::string next(token_id id);
  /// What was held back.
  std::string finish();

private:
  std::string shown(bool all);

  const tokenizer& of_;
  bool special_;
  bool first_ = true;
  std::size_t strips_left_ = 0;
  bool at_text_begin_ = true;
  std::string held_;
};

} // namespace troupe::kernels
