#include "kernels/grammar/text_reader.hpp"

#include "kernels/unicode/utf8.hpp"

#include <algorithm>

namespace troupe::kernels::grammar {

namespace {

bool is_white_space(std::uint8_t byte) { return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t'; }

std::string decoded_text(std::string_view spelled, spelling how) {
  std::string text;
  part_of_character part = 0;
  for (const char c : spelled) {
    const auto next = decode(part, static_cast<std::uint8_t>(c), how);
    part = next.part;
    if (next.what == decoded_byte::kind::whole)
      unicode::append(text, next.character);
  }
  return text;
}

} // namespace

readings text_reader::begin() const {
  reading first;
  first.state = with_->root;
  if (with_->plain_text != term_pool::nothing) {
    first.at = phase::plain_text;
    first.state = with_->plain_text;
  }
  return {first};
}

void text_reader::step(const readings& from, std::uint8_t byte, readings& to) {
  to.clear();
  step_frames_ = store_.here().frames;
  for (const auto& one : from)
    one_step(one, byte, to);
  text_ += static_cast<char>(byte);
}

bool text_reader::may_space() const {
  std::size_t run = 0;
  while (run < std::min(text_.size(), limits_.white_space) &&
         is_white_space(static_cast<std::uint8_t>(text_[text_.size() - 1 - run])))
    ++run;
  return run < limits_.white_space;
}

void text_reader::one_step(const reading& from, std::uint8_t byte, readings& to) {
  switch (from.at) {
  case phase::literal:
    return literal(from, byte, to);
  case phase::number:
    return number(from, byte, to);
  case phase::string:
    return string(from, byte, to);
  case phase::name:
  case phase::other_name:
    return name(from, byte, to);
  case phase::plain_text:
    if (auto next = from; step_text(next, byte))
      put(to, next);
    return;
  default:
    break;
  }
  // Everything else is between words, where white space changes nothing.
  if (is_white_space(byte)) {
    if (may_space())
      put(to, from);
    return;
  }
  switch (from.at) {
  case phase::value:
    return value(from, byte, to);
  case phase::first_item:
  case phase::next_item:
    return item(from, byte, to);
  case phase::first_name:
  case phase::next_name:
    if (byte == '"')
      begin_name(from, to);
    else if (byte == '}' && from.at == phase::first_name && object_may_end(store_.frame(from.frame)))
      done_with(store_.frame(from.frame).parent, to);
    return;
  case phase::colon:
    if (byte == ':')
      put(to, {phase::value, from.frame, from.state, 0, 0, 0});
    return;
  case phase::after_value:
    return after_value(from, byte, to);
  default:
    return;
  }
}

void text_reader::put(readings& to, reading made) {
  // Two alternatives that have come to the same place are one from now on.
  if (!to.empty() && made.frame >= step_frames_)
    made.frame = store_.same_as(made.frame, step_frames_, *with_);
  if (std::find(to.begin(), to.end(), made) != to.end())
    return;
  if (to.size() >= readings_max)
    overflowed_ = true;
  else
    to.push_back(made);
}

bool text_reader::complete(const readings& all) const {
  return std::any_of(all.begin(), all.end(), [this](const auto& one) {
    return one.at == phase::end ||
           (one.at == phase::number && one.frame == 0 && with_->numbers.complete(one.state)) ||
           (one.at == phase::plain_text && one.part == 0 && with_->texts.accepts(one.state));
  });
}

void text_reader::close_any(const reading& from, readings& to) {
  step_frames_ = store_.here().frames;
  if (from.at == phase::other_name)
    return take_other(from, to, std::nullopt);
  if (from.at == phase::string)
    done_with(from.frame, to);
}

void text_reader::cut(const mark& to) {
  store_.cut(to.store);
  text_.resize(to.text);
}

std::string text_reader::said(const reading& one) const {
  return decoded_text(std::string_view(text_).substr(one.begin), spelled(one));
}

std::vector<std::string_view> text_reader::taken(const reading& one) const {
  const auto& frame = store_.frame(one.frame);
  std::vector<std::string_view> texts;
  if (one.at == phase::other_name || (one.at == phase::string && frame.what == open_frame::kind::array))
    for (auto at = frame.last_text; at != 0; at = store_.before(at))
      texts.push_back(store_.text(at));
  return texts;
}

/// Whether so many texts may have been taken that none is left: only where there is a limited number.
bool text_reader::may_be_taken_up(const reading& one) const {
  return store_.frame(one.frame).last_text != 0 && with_->texts.pool().finite(one.state) &&
         !taken(one).empty();
}

} // namespace troupe::kernels::grammar
