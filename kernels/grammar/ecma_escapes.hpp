#pragma once

#include "kernels/grammar/ecma_syntax.hpp"
#include "kernels/unicode/utf8.hpp"

#include <optional>

namespace troupe::kernels::grammar {

/// Goes through the source of an expression, a character at a time.
class ecma_reader {
public:
  explicit ecma_reader(std::string_view source)
      : text_(unicode::decoded(source)) {}

  bool at_end() const noexcept { return at_ == text_.size(); }
  char32_t peek(std::size_t ahead = 0) const noexcept {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : U'\0';
  }
  char32_t take() noexcept { return text_[at_++]; }
  bool skip(char32_t c) noexcept {
    const bool there = !at_end() && text_[at_] == c;
    at_ += there ? 1 : 0;
    return there;
  }
  bool skip(std::u32string_view text) noexcept {
    const bool there = std::u32string_view(text_).substr(at_).starts_with(text);
    at_ += there ? text.size() : 0;
    return there;
  }
  std::size_t place() const noexcept { return at_; }
  void go_to(std::size_t place) noexcept { at_ = place; }

  tl::unexpected<error> fails(fault what, std::string_view why) const {
    return fail(what, "pattern, at character " + std::to_string(at_ + 1) + ": " + std::string(why));
  }

private:
  std::u32string text_;
  std::size_t at_ = 0;
};

/// What a backslash and what follows it match; the reader stands behind the backslash.
result<code_point_set> read_ecma_escape(ecma_reader& in, bool in_class);

/// The reader stands behind the opening bracket.
result<code_point_set> read_ecma_class(ecma_reader& in);

} // namespace troupe::kernels::grammar
