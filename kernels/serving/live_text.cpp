#include "kernels/serving/live_text.hpp"

#include "kernels/sampling/scores.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace troupe::kernels {

live_text::live_text(request_id id, text_request asked, const tokenizer* words, const model_shape& shape,
                     std::uint32_t tokens_max)
    : id_(id)
    , asked_(std::move(asked))
    , shape_(shape)
    , tokens_max_(tokens_max)
    , tokens_(asked_.prompt)
    , writer_(words, asked_) {
  usage.prompt = static_cast<std::uint32_t>(tokens_.size());
  for (const auto token : tokens_)
    counts_.in_prompt(token);
  if (tokens_max_ == 0)
    finish(text_finish::length);
  take_forced();
}

bool live_text::ends_at(token_id token) const {
  if (asked_.ignore_end)
    return false;
  return std::ranges::find(shape_.end_tokens, static_cast<std::uint32_t>(token)) != shape_.end_tokens.end() ||
         std::ranges::find(asked_.end_tokens, token) != asked_.end_tokens.end();
}

std::vector<token_id> live_text::end_tokens() const {
  auto all = asked_.end_tokens;
  for (const auto token : shape_.end_tokens)
    all.push_back(static_cast<token_id>(token));
  std::erase_if(all, [this](token_id token) {
    return token < 0 || static_cast<std::uint32_t>(token) >= shape_.vocabulary;
  });
  return all;
}

bool live_text::may_end() const { return !asked_.ignore_end && asked_.constraint->is_complete(); }

/// The form knows the end of a text by one token; models end turns with others, too.
void live_text::prepare() {
  if (!asked_.constraint || is_over() || !allowed_.empty())
    return;
  allowed_.resize(words_for(shape_.vocabulary));
  asked_.constraint->allow(allowed_);
  const bool end = may_end();
  for (const auto token : end_tokens()) {
    const auto bit = std::uint64_t{1} << (token % 64);
    auto& word = allowed_[static_cast<std::size_t>(token) / 64];
    word = end ? word | bit : word & ~bit;
  }
}

void live_text::go_on(std::span<const float> logits) {
  if (std::ranges::any_of(logits, [](float logit) { return std::isnan(logit); }))
    return finish(text_finish::failed, "the model's figures are no numbers");
  auto token = asked_.scored ? forced_token() : std::nullopt;
  if (!token)
    token = drawn(logits);
  if (!token)
    return finish(text_finish::failed, "the text cannot go on in the form that was asked for");
  if (ends_at(*token))
    return finish(text_finish::stop);
  if (asked_.constraint && !asked_.constraint->accept(*token))
    return finish(text_finish::failed, "the text left the form that was asked for");
  take(*token, asked_.scored ? score_of(logits, *token) : std::nullopt);
  take_forced();
  if (nothing_follows())
    finish(text_finish::stop);
}

/// Only the end may come: no token needs to be drawn for it, and none computed.
bool live_text::nothing_follows() {
  if (!asked_.constraint || is_over() || !asked_.constraint->is_complete())
    return false;
  prepare();
  auto others = allowed_;
  for (const auto token : end_tokens())
    others[static_cast<std::size_t>(token) / 64] &= ~(std::uint64_t{1} << (token % 64));
  return std::ranges::none_of(others, [](auto word) { return word != 0; });
}

std::optional<token_id> live_text::forced_token() {
  if (!asked_.constraint)
    return std::nullopt;
  const auto forced = asked_.constraint->forced();
  return forced.empty() ? std::nullopt : std::optional(forced.front());
}

std::optional<token_id> live_text::drawn(std::span<const float> logits) {
  std::vector<float> weighed(logits.begin(), logits.end());
  if (!asked_.less.none())
    counts_.apply(asked_.less, weighed);
  if (asked_.constraint) {
    prepare();
    if (std::ranges::none_of(allowed_, [](auto word) { return word != 0; }))
      return std::nullopt;
    for (std::size_t token = 0; token < weighed.size(); ++token)
      if ((allowed_[token / 64] >> (token % 64) & 1) == 0)
        weighed[token] = -std::numeric_limits<float>::infinity();
  }
  return draw(asked_.how, weighed, tokens_.size());
}

/// With scores every token needs its own logits, so there it is forced one at a time.
void live_text::take_forced() {
  if (!asked_.constraint || asked_.scored || is_over())
    return;
  for (const auto token : asked_.constraint->forced()) {
    if (is_over())
      return;
    if (!asked_.constraint->accept(token))
      return finish(text_finish::failed, "the form forces what it does not allow");
    take(token, std::nullopt);
  }
}

std::optional<token_score> live_text::score_of(std::span<const float> logits, token_id token) const {
  const auto likeliest = log_probabilities(logits, token, asked_.alternatives);
  return token_score{token, likeliest.own, likeliest.likeliest};
}

void live_text::take(token_id token, std::optional<token_score> score) {
  tokens_.push_back(token);
  allowed_.clear();
  counts_.made(token);
  fresh_.push_back(token);
  news_ = true;
  ++usage.completion;
  writer_.add(token, std::move(score));
  if (!writer_.stopped_by().empty())
    return finish(text_finish::stop);
  if (usage.completion >= tokens_max_)
    finish(nothing_follows() ? text_finish::stop : text_finish::length);
}

void live_text::add_hidden(const activations& rows, std::size_t first, std::size_t count) {
  hidden_sum_.resize(rows.columns());
  for (auto row = first; row < first + count; ++row)
    for (std::size_t i = 0; i < rows.columns(); ++i)
      hidden_sum_[i] += static_cast<double>(rows.row(row)[i]);
}

void live_text::finish(text_finish why, std::string problem) {
  writer_.finish();
  if (why == text_finish::length && !writer_.stopped_by().empty())
    why = text_finish::stop; // one whose last character came with the rest of the bytes
  end_ = text_end{why, writer_.stopped_by(), {}, std::move(problem), {}};
  if (asked_.embed && why == text_finish::stop)
    for (const auto sum : hidden_sum_)
      end_->embedding.push_back(static_cast<float>(sum / static_cast<double>(tokens_.size())));
}

text_update live_text::take_update() {
  text_update update{id_, writer_.take_text(), std::exchange(fresh_, {}), writer_.take_scores(), end_};
  if (update.end)
    update.end->usage = usage;
  news_ = false;
  return update;
}

} // namespace troupe::kernels
