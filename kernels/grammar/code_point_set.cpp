#include "kernels/grammar/code_point_set.hpp"

#include <algorithm>

namespace troupe::kernels::grammar {

code_point_set code_point_set::of(std::vector<code_point_range> ranges) {
  std::sort(ranges.begin(), ranges.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  code_point_set set;
  for (const auto& range : ranges) {
    if (!set.ranges_.empty() && range.first <= set.ranges_.back().last + 1)
      set.ranges_.back().last = std::max(set.ranges_.back().last, range.last);
    else
      set.ranges_.push_back(range);
  }
  return set;
}

bool code_point_set::contains(char32_t c) const noexcept {
  const auto after = std::upper_bound(ranges_.begin(), ranges_.end(), c,
                                      [](char32_t value, const auto& range) { return value < range.first; });
  return after != ranges_.begin() && c <= std::prev(after)->last;
}

code_point_set code_point_set::united(const code_point_set& other) const {
  auto both = ranges_;
  both.insert(both.end(), other.ranges_.begin(), other.ranges_.end());
  return of(std::move(both));
}

code_point_set code_point_set::complement() const {
  code_point_set set;
  char32_t next = 0;
  for (const auto& range : ranges_) {
    if (range.first > next)
      set.ranges_.push_back({next, range.first - 1});
    next = range.last + 1;
  }
  if (next <= last_code_point)
    set.ranges_.push_back({next, last_code_point});
  return set;
}

code_point_set code_point_set::intersected(const code_point_set& other) const {
  return complement().united(other.complement()).complement();
}

const code_point_set& ecma_digits() {
  static const code_point_set set('0', '9');
  return set;
}

const code_point_set& ecma_word() {
  static const auto set = code_point_set::of({{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}});
  return set;
}

const code_point_set& ecma_space() {
  static const auto set = code_point_set::of({{0x09, 0x0d},
                                              {0x20, 0x20},
                                              {0xa0, 0xa0},
                                              {0x1680, 0x1680},
                                              {0x2000, 0x200a},
                                              {0x2028, 0x2029},
                                              {0x202f, 0x202f},
                                              {0x205f, 0x205f},
                                              {0x3000, 0x3000},
                                              {0xfeff, 0xfeff}});
  return set;
}

const code_point_set& ecma_line_ends() {
  static const auto set = code_point_set::of({{0x0a, 0x0a}, {0x0d, 0x0d}, {0x2028, 0x2029}});
  return set;
}

} // namespace troupe::kernels::grammar
