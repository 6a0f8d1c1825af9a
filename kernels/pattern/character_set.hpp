#pragma once

#include "kernels/unicode/properties.hpp"

#include <array>
#include <memory>
#include <utility>
#include <vector>

namespace troupe::kernels {

/// Which characters one place of a pattern accepts. Built up, then sealed, then asked.
class character_set {
public:
  void add(char32_t first, char32_t last) { ranges_.emplace_back(first, last); }
  void add_categories(unicode::category_set wanted) { categories_ |= wanted; }
  void add_white_space(bool negated) { (negated ? not_white_space_ : white_space_) = true; }
  void add_script(int script) { scripts_.push_back(script); }
  /// Or what another set accepts.
  void add(character_set other) { others_.push_back(std::move(other)); }
  /// And only what another set accepts too.
  void intersect(character_set other) { limits_.push_back(std::move(other)); }
  void negate() { negated_ = !negated_; }
  void ignore_case() { ignores_case_ = true; }

  /// Nothing is added after this.
  void seal();

  bool contains(char32_t c) const noexcept { return c < ascii_.size() ? ascii_[c] : decide(c); }

private:
  bool decide(char32_t c) const noexcept;
  bool any_case(char32_t c) const noexcept;
  bool has(char32_t c) const noexcept;

  std::vector<std::pair<char32_t, char32_t>> ranges_;
  std::vector<int> scripts_;
  std::vector<character_set> others_;
  std::vector<character_set> limits_;
  unicode::category_set categories_ = 0;
  bool white_space_ = false;
  bool not_white_space_ = false;
  bool negated_ = false;
  bool ignores_case_ = false;
  std::array<bool, 128> ascii_{};
};

} // namespace troupe::kernels
