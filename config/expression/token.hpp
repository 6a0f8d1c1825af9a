#pragma once

#include "config/expression/problem.hpp"
#include "config/expression/value.hpp"

#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace troupe::expression {

enum class token_kind : std::uint8_t {
  end,
  name,        // also CEL's reserved words, which may be fields
  quoted_name, // `content-type`
  literal,     // a number, string, bytes, true, false or null
  word_in,
  mark // an operator or bracket; `text` says which
};

struct token {
  token_kind is = token_kind::end;
  span at;
  std::string_view text; // as written; of a quoted name without its quotes
  value literal;
  bool is_large = false; // 9223372036854775808: an int only with a minus before it
  bool mark(std::string_view m) const noexcept { return is == token_kind::mark && text == m; }
};

/// Reads tokens one after the other. `text` must outlive it and be UTF-8.
class lexer {
public:
  explicit lexer(std::string_view text, std::size_t from = 0) noexcept
      : text_(text)
      , at_(from) {}

  tl::expected<token, problem> next();
  std::size_t position() const noexcept { return at_; }

private:
  void skip_space() noexcept;
  token take(token_kind kind, std::size_t begin) const;
  token name(std::size_t begin);
  tl::expected<token, problem> quoted_name(std::size_t begin);
  tl::expected<token, problem> number(std::size_t begin);
  tl::expected<token, problem> mark(std::size_t begin);
  tl::expected<token, problem> quoted(std::size_t begin, std::string_view prefix);
  char peek(std::size_t ahead = 0) const noexcept {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  std::string_view text_;
  std::size_t at_;
};

/// Words that CEL keeps for itself: no variable is called so.
bool is_reserved(std::string_view name) noexcept;

} // namespace troupe::expression
