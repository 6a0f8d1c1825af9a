#pragma once

#include "kernels/pattern/pattern.hpp"
#include "kernels/unicode/transform.hpp"

#include <functional>

namespace troupe::kernels {

/// Changes a stretch of text before it is split: a normalizer of tokenizer.json.
using text_step = std::function<result<std::string>(std::string)>;

text_step normalize_step(unicode::form wanted);
text_step lower_step();
text_step strip_step(bool left, bool right);
/// Without combining marks; the text is decomposed already.
text_step strip_accents_step();
text_step prepend_step(std::string what);
text_step replace_step(std::string what, std::string with);
text_step replace_step(pattern what, std::string with);
text_step byte_level_step();

/// A stretch of text on its way to words: the text, and where it is cut. Spans are in order; gaps were
/// dropped.
struct word_cuts {
  std::string text;
  std::vector<text_span> words;
  bool at_text_begin = true; // nothing stood in front of the stretch
};

/// Cuts words further, or changes them: a pre-tokenizer of tokenizer.json.
using split_step = std::function<result<done>(word_cuts&)>;

/// What becomes of the delimiters that a split finds.
enum class delimiters : unsigned char { isolated, removed, with_previous, with_next, contiguous };

split_step split_by_pattern(pattern what, delimiters become, bool inverted);
split_step split_by_text(std::string what, delimiters become, bool inverted);
/// Each character that `is` one is a delimiter.
split_step split_by_character(std::function<bool(char32_t)> is, delimiters become);
/// Spells bytes as characters, with a space in front of every stretch if asked for, cut as GPT-2 does or not.
split_step byte_level_split(bool space_in_front, bool cut_words);

enum class metaspace_prefix : unsigned char { always, never, first };
/// Spaces become `mark`, each the beginning of a word unless `cut` is off.
split_step metaspace_split(std::string mark, metaspace_prefix prefix, bool cut);

/// The expression GPT-2 cuts words with; ByteLevel uses it too.
extern const std::string_view gpt2_words;

} // namespace troupe::kernels
