#include "kernels/pattern/character_set.hpp"

#include <algorithm>

namespace troupe::kernels {

void character_set::seal() {
  for (auto& other : others_)
    other.seal();
  for (auto& limit : limits_)
    limit.seal();
  for (char32_t c = 0; c < ascii_.size(); ++c)
    ascii_[c] = decide(c);
}

bool character_set::decide(char32_t c) const noexcept {
  const bool in = (ignores_case_ ? any_case(c) : has(c)) &&
                  std::ranges::all_of(limits_, [c](const auto& limit) { return limit.contains(c); });
  return in != negated_;
}

bool character_set::any_case(char32_t c) const noexcept {
  if (has(c) || has(unicode::folded(c)) || has(unicode::uppered(c)) || has(unicode::titled(c)))
    return true;
  const auto folded = unicode::folded(c);
  return std::ranges::any_of(ranges_, [folded](const auto& range) {
    return range.first == range.second && unicode::folded(range.first) == folded;
  });
}

bool character_set::has(char32_t c) const noexcept {
  if (categories_ != 0 && unicode::is_in(c, categories_))
    return true;
  if (white_space_ || not_white_space_) {
    const bool white = unicode::is_white_space(c);
    if ((white && white_space_) || (!white && not_white_space_))
      return true;
  }
  const auto in_range = [c](const auto& range) { return c >= range.first && c <= range.second; };
  if (std::ranges::any_of(ranges_, in_range))
    return true;
  if (std::ranges::any_of(others_, [c](const auto& other) { return other.contains(c); }))
    return true;
  return !scripts_.empty() && std::ranges::find(scripts_, unicode::script_of(c)) != scripts_.end();
}

} // namespace troupe::kernels
