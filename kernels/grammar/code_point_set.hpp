#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace troupe::kernels::grammar {

inline constexpr char32_t last_code_point = 0x10ffff;

struct code_point_range {
  char32_t first = 0;
  char32_t last = 0;
  bool operator==(const code_point_range&) const = default;
};

/// Characters as sorted ranges with gaps between them, so that equal sets have equal ranges. Surrogates are
/// no characters: no text holds them, so it does not matter whether a range covers them.
class code_point_set {
public:
  code_point_set() = default;
  code_point_set(char32_t first, char32_t last)
      : ranges_{{first, last}} {}
  static code_point_set of(std::vector<code_point_range> ranges);
  static code_point_set all() { return {0, last_code_point}; }

  const std::vector<code_point_range>& ranges() const noexcept { return ranges_; }
  bool empty() const noexcept { return ranges_.empty(); }
  bool is_all() const noexcept {
    return ranges_.size() == 1 && ranges_[0] == code_point_range{0, last_code_point};
  }
  bool contains(char32_t c) const noexcept;
  bool operator==(const code_point_set&) const = default;

  code_point_set united(const code_point_set& other) const;
  code_point_set complement() const;
  code_point_set intersected(const code_point_set& other) const;

private:
  std::vector<code_point_range> ranges_;
};

/// What \d, \w and \s stand for in ECMA 262.
const code_point_set& ecma_digits();
const code_point_set& ecma_word();
const code_point_set& ecma_space();
/// What `.` does not match.
const code_point_set& ecma_line_ends();

} // namespace troupe::kernels::grammar
