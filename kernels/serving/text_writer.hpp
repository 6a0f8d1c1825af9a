#pragma once

#include "kernels/serving/request.hpp"
#include "kernels/serving/stop_matcher.hpp"
#include "kernels/tokenizer/decoding.hpp"

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace troupe::kernels {

/// Tokens of one text on their way out: to characters, up to a stop string, with the scores of those tokens
/// whose characters have been let through.
class text_writer {
public:
  /// Without a tokenizer there are tokens and scores but no text. It outlives the writer.
  text_writer(const tokenizer* words, const text_request& of);

  void add(token_id token, std::optional<token_score> score);
  /// The text is over, but for a stop string that was found.
  void finish();

  const std::string& stopped_by() const noexcept { return stops_.found(); }

  /// What has come since the last call.
  std::string take_text();
  std::vector<token_score> take_scores();

private:
  void write(const std::string& decoded);

  std::optional<detokenizer> decoder_;
  stop_matcher stops_;
  std::string text_;
  std::size_t decoded_ = 0; // bytes of text that all tokens made
  std::size_t shown_ = 0;   // of those, the ones let through
  struct waiting {
    std::size_t begin; // of its text
    std::size_t end;
    token_score score;
  };
  std::deque<waiting> scores_;
};

} // namespace troupe::kernels
