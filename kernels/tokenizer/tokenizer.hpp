#pragma once

#include "kernels/tokenizer/added_tokens.hpp"
#include "kernels/tokenizer/bpe.hpp"
#include "kernels/tokenizer/decoding.hpp"
#include "kernels/tokenizer/steps.hpp"

#include <span>

namespace troupe::kernels {

/// What a file says about a tokenizer, in the order in which text goes through it.
struct tokenizer_parts {
  std::shared_ptr<const vocabulary> words;
  added_tokens added;            // looked for in the text as it comes
  added_tokens added_normalized; // looked for behind `normalize`
  std::vector<text_step> normalize;
  /// In front of the first stretch and of those that follow an added token: GGUF's way with SentencePiece.
  std::string stretch_prefix;
  std::vector<split_step> split;
  std::optional<bpe> merge;
  decoding decode;
  std::optional<token_id> bos;
  std::optional<token_id> eos;
  bool adds_bos = false; // the model expects BOS in front of a prompt
  bool adds_eos = false;
  bool special_in_text = false; // do special tokens in text count, where nobody says
};

struct encoding_options {
  bool special = false; // special tokens in text count
  bool bos = false;     // BOS in front
};

/// Text to tokens and back. Immutable; any number of threads may use it.
class tokenizer {
public:
  explicit tokenizer(tokenizer_parts parts);

  /// `invalid` if the text is no UTF-8, or if BOS is asked for and there is none.
  result<std::vector<token_id>> encode(std::string_view text, encoding_options how) const;
  std::string decode(std::span<const token_id> ids, bool special) const;

  const vocabulary& words() const noexcept { return *parts_.words; }
  std::optional<token_id> bos() const noexcept { return parts_.bos; }
  std::optional<token_id> eos() const noexcept { return parts_.eos; }
  bool adds_bos() const noexcept { return parts_.adds_bos; }
  bool adds_eos() const noexcept { return parts_.adds_eos; }
  bool special_in_text() const noexcept { return parts_.special_in_text; }

  /// The token with this text, also one that was added beside the vocabulary.
  std::optional<token_id> find(std::string_view text) const;
  /// Controls the model rather than standing for text.
  bool is_special(token_id id) const;
  /// The bytes it stands for, alone; empty if there is no such token.
  std::string bytes_of(token_id id) const;

  const decoding& decoder() const noexcept { return parts_.decode; }

private:
  result<done> encode_stretch(std::string_view text, bool special, bool at_begin, bool after_token,
                              std::vector<token_id>& ids) const;
  result<done> encode_words(std::string text, bool at_begin, std::vector<token_id>& ids) const;
  std::optional<std::string> added_text(token_id id) const;

  tokenizer_parts parts_;
  std::unordered_map<token_id, const added_token*> added_by_id_;
};

/// Merging holds some fifty bytes for each one of a text; a context is a few hundred kilobytes of text.
inline constexpr std::size_t encoded_text_max = 16 * 1024 * 1024;

} // namespace troupe::kernels
