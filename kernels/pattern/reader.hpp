#pragma once

#include "kernels/base/result.hpp"
#include "kernels/unicode/utf8.hpp"

#include <string>
#include <string_view>

namespace troupe::kernels {

/// Goes through the source of a pattern.
class pattern_reader {
public:
  explicit pattern_reader(std::string_view source)
      : source_(source) {}

  bool at_end() const noexcept { return at_ == source_.size(); }
  char32_t peek() const noexcept {
    auto at = at_;
    return at_end() ? 0 : unicode::next(source_, at);
  }
  char32_t take() noexcept { return unicode::next(source_, at_); }
  bool next_is(std::string_view text) const noexcept { return source_.substr(at_).starts_with(text); }
  bool skip(std::string_view text) noexcept {
    if (!next_is(text))
      return false;
    at_ += text.size();
    return true;
  }
  std::size_t place() const noexcept { return at_; }
  void go_to(std::size_t place) noexcept { at_ = place; }

  tl::unexpected<error> invalid(std::string_view what) const {
    return fail(fault::invalid, "pattern, at byte " + std::to_string(at_ + 1) + ": " + std::string(what));
  }
  tl::unexpected<error> refused(std::string_view what) const {
    return fail(fault::refused, "pattern, at byte " + std::to_string(at_ + 1) + ": " + std::string(what));
  }

private:
  std::string_view source_;
  std::size_t at_ = 0;
};

} // namespace troupe::kernels
