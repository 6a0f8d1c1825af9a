#pragma once

#include "kernels/base/result.hpp"
#include "kernels/base/token_id.hpp"
#include "kernels/sampling/penalties.hpp"
#include "kernels/sampling/sampler.hpp"
#include "kernels/serving/constraint.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace troupe::kernels {

using request_id = std::uint64_t;
/// Of the clock that the caller of `step` reads.
using serving_time = std::chrono::milliseconds;
constexpr serving_time no_deadline = serving_time::max();

/// A text to go on with, or to embed.
struct text_request {
  std::vector<token_id> prompt;
  std::string adapter; // a name of the registry; empty: the base model alone
  sampling how;
  penalties less;
  std::vector<std::string> stop;         // the text ends before any of them
  std::vector<token_id> end_tokens;      // besides those of the model
  std::uint32_t tokens_max = UINT32_MAX; // to make; the context is a limit too
  bool ignore_end = false;               // go on past the tokens that end texts
  bool show_special = false;             // tokens that control the model are part of the text
  bool goes_on = false;                  // the text goes on with the prompt's: a blank at its begin is one
  bool scored = false;                   // log-probabilities of the tokens made …
  std::uint32_t alternatives = 0;        // … and of the likeliest others of each
  bool embed = false;                    // no text: the mean of the prompt's hidden states
  std::unique_ptr<token_constraint> constraint;
  serving_time deadline = no_deadline;
  int priority = 0; // larger goes first
  std::string tenant;
};

/// A token of the text and how likely the model itself held it, before penalties, masks and temperature.
struct token_score {
  token_id token = 0;
  float log_probability = 0;
  std::vector<std::pair<token_id, float>> likeliest; // the most likely first
};

enum class text_finish : std::uint8_t { stop, length, canceled, deadline, failed };

struct text_usage {
  std::uint32_t prompt = 0;
  std::uint32_t cached = 0; // of the prompt, known from other texts
  std::uint32_t completion = 0;
};

struct text_end {
  text_finish why = text_finish::stop;
  std::string stop; // the stop string that ended it, if one did
  text_usage usage;
  std::string problem; // failed: what went wrong
  std::vector<float> embedding;
};

/// What has come of a request since the last step. Pieces of text are whole characters, and never the
/// beginning of what may turn out to be a stop string.
struct text_update {
  request_id of = 0;
  std::string text;
  std::vector<token_id> tokens;    // made since, the one that ended the text left out
  std::vector<token_score> scores; // of the tokens whose text has been handed out
  std::optional<text_end> end;
};

} // namespace troupe::kernels
