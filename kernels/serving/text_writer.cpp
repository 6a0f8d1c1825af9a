#include "kernels/serving/text_writer.hpp"

#include <utility>

namespace troupe::kernels {

text_writer::text_writer(const tokenizer* words, const text_request& of)
    : stops_(of.stop) {
  if (words == nullptr)
    return;
  decoder_.emplace(*words, of.show_special);
  if (of.goes_on && !of.prompt.empty())
    decoder_->next(of.prompt.back()); // what begins a text is behind it now
}

void text_writer::add(token_id token, std::optional<token_score> score) {
  const auto decoded = decoder_ ? decoder_->next(token) : std::string();
  if (score)
    scores_.push_back({decoded_, decoded_ + decoded.size(), std::move(*score)});
  write(decoded);
}

void text_writer::write(const std::string& decoded) {
  decoded_ += decoded.size();
  const auto shown = stops_.feed(decoded);
  shown_ += shown.size();
  text_ += shown;
}

void text_writer::finish() {
  if (decoder_)
    write(decoder_->finish());
  const auto rest = stops_.finish();
  shown_ += rest.size();
  text_ += rest;
}

std::string text_writer::take_text() { return std::exchange(text_, {}); }

std::vector<token_score> text_writer::take_scores() {
  std::vector<token_score> ready;
  while (!scores_.empty() && scores_.front().end <= shown_) {
    ready.push_back(std::move(scores_.front().score));
    scores_.pop_front();
  }
  if (!stopped_by().empty() && !scores_.empty() && scores_.front().begin < shown_) {
    ready.push_back(std::move(scores_.front().score)); // a part of its characters was let through
    scores_.clear();
  }
  return ready;
}

} // namespace troupe::kernels
