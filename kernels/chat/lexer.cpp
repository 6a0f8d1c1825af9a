#include "kernels/chat/lexer.hpp"

#include "kernels/chat/failure.hpp"
#include "kernels/chat/literals.hpp"
#include "kernels/unicode/properties.hpp"
#include "kernels/unicode/utf8.hpp"

#include <algorithm>
#include <array>

namespace troupe::kernels::chat {

namespace {

bool is_space(std::string_view text, std::size_t at) {
  return at < text.size() && unicode::is_white_space(unicode::next(text, at));
}

/// One kind of line end, and none at the very end: that is how Jinja reads a source.
std::string normalized_lines(std::string_view source) {
  std::string text;
  text.reserve(source.size());
  for (std::size_t i = 0; i < source.size(); ++i) {
    if (source[i] == '\r') {
      text += '\n';
      if (i + 1 < source.size() && source[i + 1] == '\n')
        ++i;
    } else {
      text += source[i];
    }
  }
  if (text.ends_with('\n'))
    text.pop_back();
  return text;
}

class lexer {
public:
  explicit lexer(std::string_view source)
      : source_(normalized_lines(source))
      , rest_(source_) {}

  std::vector<template_token> run() {
    while (at_ < rest_.size())
      data_and_tag();
    put(token_type::end, "");
    return std::move(tokens_);
  }

private:
  void put(token_type what, std::string text) { tokens_.push_back({what, std::move(text), line_}); }

  [[noreturn]] void broken(const std::string& why) const {
    give_up("line " + std::to_string(line_) + ": " + why);
  }

  bool next_is(std::string_view text) const { return rest_.substr(at_).starts_with(text); }

  /// Moves on and counts lines.
  std::string_view take(std::size_t size) {
    const auto taken = rest_.substr(at_, size);
    line_ += static_cast<std::size_t>(std::ranges::count(taken, '\n'));
    at_ += taken.size();
    if (!taken.empty())
      line_begins_ = taken.back() == '\n';
    return taken;
  }

  void skip_spaces() {
    while (is_space(rest_, at_)) {
      auto after = at_;
      unicode::next(rest_, after);
      take(after - at_);
    }
  }

  /// The next "{{", "{%" or "{#".
  std::size_t next_tag() const {
    for (auto at = rest_.find('{', at_); at != rest_.npos; at = rest_.find('{', at + 1))
      if (at + 1 < rest_.size() && (rest_[at + 1] == '{' || rest_[at + 1] == '%' || rest_[at + 1] == '#'))
        return at;
    return rest_.npos;
  }

  void data_and_tag() {
    const auto tag = next_tag();
    if (tag == rest_.npos) {
      put_data(rest_.substr(at_));
      take(rest_.size() - at_);
      return;
    }
    const char kind = rest_[tag + 1];
    const auto data = rest_.substr(at_, tag - at_);
    const char sign = tag + 2 < rest_.size() ? rest_[tag + 2] : ' ';
    const auto shown = data_before(data, kind, sign);
    put_data(shown);
    take(data.size());
    if (kind == '%' && raw_block(tag))
      return;
    take(sign == '-' || sign == '+' ? 3 : 2);
    if (kind == '#')
      comment();
    else
      inside(kind == '%');
  }

  void put_data(std::string_view data) {
    if (!data.empty())
      put(token_type::data, std::string(data));
  }

  /// "{%-" takes all white space before it; a block or comment alone on its line takes its indentation.
  std::string_view data_before(std::string_view data, char kind, char sign) const {
    if (sign == '-') {
      auto end = data.size();
      while (end > 0) {
        auto before = end;
        if (!unicode::is_white_space(unicode::previous(data, before)))
          break;
        end = before;
      }
      return data.substr(0, end);
    }
    if (sign == '+' || kind == '{')
      return data;
    const auto newline = data.rfind('\n');
    const auto line = newline == data.npos ? 0 : newline + 1;
    if (line == 0 && !line_begins_)
      return data;
    const auto indentation = data.substr(line);
    for (std::size_t at = 0; at < indentation.size();)
      if (!unicode::is_white_space(unicode::next(indentation, at)))
        return data;
    return data.substr(0, line);
  }

  void comment() {
    const auto end = rest_.find("#}", at_);
    if (end == rest_.npos)
      broken("Missing end of comment tag");
    const char sign = end > at_ ? rest_[end - 1] : ' ';
    take(end + 2 - at_);
    after_block(sign);
  }

  /// "-%}" takes all white space behind it, "%}" one line end, "+%}" nothing.
  void after_block(char sign) {
    if (sign == '-')
      skip_spaces();
    else if (sign != '+' && next_is("\n"))
      take(1);
  }

  /// The place behind "{% word %}" that begins at `at`, or nothing; tells the signs.
  struct plain_tag {
    std::size_t end = 0;
    char first_sign = ' ';
    char last_sign = ' ';
  };
  std::optional<plain_tag> plain_tag_at(std::size_t at, std::string_view word) const {
    plain_tag tag;
    at += 2;
    if (at < rest_.size() && (rest_[at] == '-' || rest_[at] == '+'))
      tag.first_sign = rest_[at++];
    while (is_space(rest_, at))
      unicode::next(rest_, at);
    if (!rest_.substr(at).starts_with(word))
      return std::nullopt;
    at += word.size();
    while (is_space(rest_, at))
      unicode::next(rest_, at);
    if (at < rest_.size() && (rest_[at] == '-' || rest_[at] == '+'))
      tag.last_sign = rest_[at++];
    if (!rest_.substr(at).starts_with("%}"))
      return std::nullopt;
    tag.end = at + 2;
    return tag;
  }

  bool raw_block(std::size_t tag) {
    const auto begin = plain_tag_at(tag, "raw");
    if (!begin || begin->last_sign == '+')
      return false;
    take(begin->end - at_);
    if (begin->last_sign == '-')
      skip_spaces();
    for (auto at = rest_.find("{%", at_); at != rest_.npos; at = rest_.find("{%", at + 1)) {
      const auto end = plain_tag_at(at, "endraw");
      if (!end)
        continue;
      const auto data = rest_.substr(at_, at - at_);
      put_data(data_before(data, '%', end->first_sign));
      take(end->end - at_);
      after_block(end->last_sign);
      return true;
    }
    broken("Missing end of raw directive");
  }

  void inside(bool block) {
    put(block ? token_type::block_begin : token_type::print_begin, "");
    brackets_.clear();
    while (!ended(block)) {
      if (at_ >= rest_.size())
        broken(block ? "a tag \"{%\" does not end" : "a tag \"{{\" does not end");
      one_token();
    }
  }

  bool ended(bool block) {
    if (!brackets_.empty())
      return false;
    const std::string_view close = block ? "%}" : "}}";
    const bool sign = next_is("-") || (block && next_is("+"));
    if (!rest_.substr(at_ + (sign ? 1 : 0)).starts_with(close))
      return false;
    const char which = sign ? rest_[at_] : ' ';
    put(block ? token_type::block_end : token_type::print_end, "");
    take(close.size() + (sign ? 1 : 0));
    if (block)
      after_block(which);
    else if (which == '-')
      skip_spaces();
    return true;
  }

  void one_token() {
    if (is_space(rest_, at_))
      return skip_spaces();
    const char c = rest_[at_];
    const bool after_dot = at_ > 0 && rest_[at_ - 1] == '.';
    if (const auto number = number_at(rest_, at_, after_dot)) {
      const auto what = number->real ? token_type::real : token_type::integer;
      put(what, std::string(rest_.substr(at_, number->size)));
      take(number->size);
      return;
    }
    if (c == '\'' || c == '"')
      return text_literal(c);
    auto after = at_;
    if (unicode::begins_identifier(unicode::next(rest_, after)))
      return name(after);
    symbol();
  }

  void name(std::size_t end) {
    for (auto after = end; end < rest_.size(); end = after)
      if (!unicode::continues_identifier(unicode::next(rest_, after)))
        break;
    put(token_type::name, std::string(rest_.substr(at_, end - at_)));
    take(end - at_);
  }

  void text_literal(char quote) {
    auto end = at_ + 1;
    while (end < rest_.size() && rest_[end] != quote)
      end += rest_[end] == '\\' ? 2 : 1;
    if (end >= rest_.size())
      broken("a text does not end");
    const auto literal = rest_.substr(at_ + 1, end - at_ - 1);
    auto read = unescaped(literal);
    if (!read)
      broken("an escape in a text is none of Python's");
    put(token_type::text, std::move(*read));
    take(end + 1 - at_);
  }

  void symbol() {
    static constexpr std::array<std::string_view, 26> symbols{
        "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[",
        "]",  "(",  ")",  "{",  "}",  ">",  "<", "=", ".", ":", "|", ",", ";"};
    const auto found = std::ranges::find_if(symbols, [this](auto one) { return next_is(one); });
    if (found == symbols.end()) {
      auto after = at_;
      broken("unexpected character " + unicode::encoded(unicode::next(rest_, after)));
    }
    balance((*found)[0]);
    put(token_type::symbol, std::string(*found));
    take(found->size());
  }

  void balance(char c) {
    constexpr std::string_view open = "([{";
    constexpr std::string_view close = ")]}";
    if (open.find(c) != open.npos)
      return brackets_.push_back(c);
    const auto which = close.find(c);
    if (which == close.npos)
      return;
    if (brackets_.empty() || brackets_.back() != open[which])
      broken(std::string("unexpected \"") + c + "\"");
    brackets_.pop_back();
  }

  std::string source_;
  std::string_view rest_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  bool line_begins_ = true;
  std::vector<char> brackets_;
  std::vector<template_token> tokens_;
};

} // namespace

std::vector<template_token> tokenize_template(std::string_view source) { return lexer(source).run(); }

} // namespace troupe::kernels::chat
