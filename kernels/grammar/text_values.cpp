#include "kernels/grammar/text_reader.hpp"

#include <algorithm>

namespace troupe::kernels::grammar {

namespace {

constexpr std::array<std::string_view, 3> literals{"null", "true", "false"};

std::uint32_t literal_of(const value_machine& value, std::uint8_t byte) {
  if (byte == 'n' && value.null)
    return 0;
  if (byte == 't' && value.yes)
    return 1;
  return byte == 'f' && value.no ? 2 : no_limit;
}

} // namespace

void text_reader::value(const reading& from, std::uint8_t byte, readings& to) {
  const auto& value = with_->values[from.state];
  const auto behind = static_cast<std::uint32_t>(text_.size() + 1);
  switch (byte) {
  case '"':
    if (value.strings != term_pool::nothing) {
      const reading opened{phase::string, from.frame, value.strings, 0, 0, behind};
      if (!may_be_taken_up(opened) ||
          with_->texts.count(opened.state, taken(opened).size() + 1) > taken(opened).size())
        put(to, opened);
    }
    return;
  case '[':
    for (const auto id : value.arrays)
      open_array(id, from, to);
    return;
  case '{':
    for (const auto id : value.objects)
      open_object(id, from, to);
    return;
  default:
    break;
  }
  if (const auto which = literal_of(value, byte); which != no_limit)
    put(to, {phase::literal, from.frame, 1, which, 0, 0});
  else if (const auto state = with_->numbers.step(value.numbers, static_cast<char>(byte));
           state != number_machine::dead)
    put(to, {phase::number, from.frame, state, 0, 0, 0});
}

void text_reader::literal(const reading& from, std::uint8_t byte, readings& to) {
  const auto word = literals[from.which];
  if (static_cast<std::uint8_t>(word[from.state]) != byte)
    return;
  if (from.state + 1 == word.size())
    return done_with(from.frame, to);
  auto next = from;
  ++next.state;
  put(to, next);
}

void text_reader::number(const reading& from, std::uint8_t byte, readings& to) {
  if (const auto state = with_->numbers.step(from.state, static_cast<char>(byte));
      state != number_machine::dead)
    return put(to, {phase::number, from.frame, state, 0, 0, 0});
  if (!with_->numbers.complete(from.state))
    return;
  // Only what comes behind it ends a number.
  readings ended;
  done_with(from.frame, ended);
  for (const auto& one : ended)
    one_step(one, byte, to);
}

bool text_reader::step_text(reading& one, std::uint8_t byte) {
  const auto next = decode(one.part, byte, spelled(one));
  auto& texts = with_->texts;
  switch (next.what) {
  case decoded_byte::kind::impossible:
    return false;
  case decoded_byte::kind::whole:
    one.part = 0;
    one.state = texts.step(one.state, next.character);
    return one.state != term_pool::nothing;
  case decoded_byte::kind::part: {
    one.part = next.part;
    const auto wanted = possible(next.part);
    return std::any_of(wanted.ranges.begin(),
                       wanted.ranges.begin() + static_cast<std::ptrdiff_t>(wanted.count),
                       [&](const auto& range) { return texts.can_take(one.state, range.first, range.last); });
  }
  }
  return false;
}

void text_reader::string(const reading& from, std::uint8_t byte, readings& to) {
  if (byte == '"' && from.part == 0)
    return close(from, to);
  auto next = from;
  if (!step_text(next, byte))
    return;
  if (may_be_taken_up(next)) {
    text_ += static_cast<char>(byte);
    const auto text = said(next);
    text_.pop_back();
    const auto all = taken(next);
    const auto alike = static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [&](const auto one) { return one.starts_with(text); }));
    if (with_->texts.count(next.state, alike + 1) <= alike)
      return;
  }
  put(to, next);
}

void text_reader::close(const reading& from, readings& to) {
  if (from.at == phase::name) {
    for (const auto name : object(from).by_bytes.tokens_at(from.state))
      take_name(from, static_cast<std::uint32_t>(name), to);
    return;
  }
  if (!with_->texts.accepts(from.state))
    return;
  if (from.at == phase::other_name)
    return take_other(from, to, said(from));
  const auto frame = store_.frame(from.frame);
  if (frame.what != open_frame::kind::array || !with_->arrays[frame.machine].unique)
    return done_with(from.frame, to);
  const auto text = said(from);
  const auto all = taken(from);
  if (std::find(all.begin(), all.end(), text) != all.end())
    return;
  auto next = frame;
  next.last_text = store_.add_text(frame.last_text, text);
  done_with(store_.add(next), to);
}

void text_reader::done_with(std::uint32_t frame, readings& to) {
  put(to, {frame == 0 ? phase::end : phase::after_value, frame, 0, 0, 0, 0});
}

void text_reader::after_value(const reading& from, std::uint8_t byte, readings& to) {
  const auto& frame = store_.frame(from.frame);
  const bool in_array = frame.what == open_frame::kind::array;
  if (byte == ',' && (in_array ? array_may_go_on(frame) : object_may_go_on(frame)))
    put(to, {in_array ? phase::next_item : phase::next_name, from.frame, 0, 0, 0, 0});
  else if (byte == (in_array ? ']' : '}') && (in_array ? array_may_end(frame) : object_may_end(frame)))
    done_with(frame.parent, to);
}

} // namespace troupe::kernels::grammar
