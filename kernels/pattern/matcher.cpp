#include "kernels/pattern/matcher.hpp"

#include "kernels/unicode/utf8.hpp"

namespace troupe::kernels {

std::optional<std::size_t> pattern_matcher::run(std::uint32_t pc, std::size_t at) {
  const auto floor = choices_.size();
  place now{pc, at};
  while (spend()) {
    if (program_.steps[now.pc].what == step::kind::accept) {
      choices_.resize(floor); // slots keep what they have: only loops that have ended used them
      return now.at;
    }
    if (!advance(now) && !retry(now, floor))
      return std::nullopt;
  }
  return std::nullopt;
}

bool pattern_matcher::advance(place& now) {
  const step& next = program_.steps[now.pc];
  switch (next.what) {
  case step::kind::one:
    if (now.at == text_.size() || !program_.sets[next.set].contains(unicode::next(text_, now.at)))
      return false;
    ++now.pc;
    return true;
  case step::kind::many:
    return take_many(now, next);
  case step::kind::fork:
    now.pc = next.to;
    return keep({choice::kind::way, next.other, 0, now.at, 0});
  case step::kind::jump:
    now.pc = next.to;
    return true;
  case step::kind::mark:
    if (!keep({choice::kind::slot, next.least, 0, slots_[next.least], 0}))
      return false;
    slots_[next.least] = now.at;
    ++now.pc;
    return true;
  case step::kind::progress:
    now.pc = slots_[next.least] == now.at ? next.to : now.pc + 1;
    return true;
  case step::kind::look_ahead:
  case step::kind::look_behind:
  case step::kind::atomic:
    return enclosed(now, next);
  case step::kind::back:
    return back(now, next.least);
  case step::kind::assertion:
    ++now.pc;
    return holds(next.asserts, now.at);
  case step::kind::accept:
    break;
  }
  return false;
}

bool pattern_matcher::take_many(place& now, const step& many) {
  const auto& set = program_.sets[many.set];
  const auto wanted = many.how == repetition::lazy ? many.least : many.most;
  std::size_t at = now.at;
  std::size_t least_at = now.at;
  std::uint32_t taken = 0;
  while (taken < wanted && at < text_.size() && spend()) {
    auto after = at;
    if (!set.contains(unicode::next(text_, after)))
      break;
    at = after;
    if (++taken == many.least)
      least_at = at;
  }
  if (taken < many.least)
    return false;
  now.at = at;
  ++now.pc;
  if (many.how == repetition::greedy && at > least_at)
    return keep({choice::kind::fewer, now.pc, 0, at, least_at});
  if (many.how == repetition::lazy && many.most > many.least)
    return keep({choice::kind::more, now.pc, many.most == without_end ? without_end : many.most - many.least,
                 at, many.set});
  return true;
}

bool pattern_matcher::enclosed(place& now, const step& head) {
  const auto end = run(now.pc + 1, now.at);
  if (exhausted() || end.has_value() == head.negated)
    return false;
  if (head.what == step::kind::atomic)
    now.at = *end;
  now.pc = head.to;
  return true;
}

bool pattern_matcher::back(place& now, std::uint32_t characters) {
  for (; characters > 0; --characters) {
    if (now.at == 0)
      return false;
    unicode::previous(text_, now.at);
  }
  ++now.pc;
  return true;
}

namespace {

bool is_word(char32_t c) {
  using namespace unicode::categories;
  return unicode::is_in(c, letter | mark | decimal_digit | connector_punctuation);
}

} // namespace

bool pattern_matcher::is_word_at(std::size_t at) const {
  return at < text_.size() && is_word(unicode::next(text_, at));
}

bool pattern_matcher::is_word_before(std::size_t at) const {
  return at > 0 && is_word(unicode::previous(text_, at));
}

bool pattern_matcher::holds(pattern_assertion what, std::size_t at) const {
  const bool at_end = at == text_.size();
  switch (what) {
  case pattern_assertion::text_begin:
    return at == 0;
  case pattern_assertion::text_end:
    return at_end;
  case pattern_assertion::text_end_or_newline:
    return at_end || (at + 1 == text_.size() && text_[at] == '\n');
  case pattern_assertion::line_begin:
    return at == 0 || (text_[at - 1] == '\n' && !at_end);
  case pattern_assertion::line_end:
    return at_end || text_[at] == '\n';
  case pattern_assertion::word_edge:
    return is_word_at(at) != is_word_before(at);
  case pattern_assertion::no_word_edge:
    return is_word_at(at) == is_word_before(at);
  }
  return false;
}

bool pattern_matcher::keep(choice open) {
  if (choices_.size() >= choices_max)
    steps_left_ = 0;
  else
    choices_.push_back(open);
  return !exhausted();
}

bool pattern_matcher::retry(place& now, std::size_t floor) {
  while (choices_.size() > floor && !exhausted()) {
    choice& open = choices_.back();
    switch (open.what) {
    case choice::kind::slot:
      slots_[open.pc] = open.at;
      choices_.pop_back();
      continue;
    case choice::kind::way:
      now = {open.pc, open.at};
      choices_.pop_back();
      return true;
    case choice::kind::fewer:
    case choice::kind::more:
      if (retry_many(now, open))
        return true;
    }
  }
  return false;
}

bool pattern_matcher::retry_many(place& now, choice& open) {
  if (open.what == choice::kind::fewer) {
    unicode::previous(text_, open.at);
    now = {open.pc, open.at};
    if (open.at <= open.least_at)
      choices_.pop_back();
    return true;
  }
  const auto& set = program_.sets[open.least_at]; // of `more` that is the set
  if (open.at == text_.size() || !set.contains(unicode::next(text_, open.at))) {
    choices_.pop_back();
    return false;
  }
  now = {open.pc, open.at};
  if (open.left != without_end && --open.left == 0)
    choices_.pop_back();
  return true;
}

} // namespace troupe::kernels
