#pragma once

#include "kernels/chat/failure.hpp"
#include "kernels/chat/lexer.hpp"

#include <algorithm>
#include <initializer_list>

namespace troupe::kernels::chat {

/// Tokens with one's place among them.
class token_stream {
public:
  explicit token_stream(std::vector<template_token> tokens)
      : tokens_(std::move(tokens)) {}

  const template_token& now() const { return tokens_[at_]; }
  const template_token& ahead() const { return tokens_[std::min(at_ + 1, tokens_.size() - 1)]; }
  template_token take() { return tokens_[at_ + 1 < tokens_.size() ? at_++ : at_]; }

  bool is(token_type what) const { return now().what == what; }
  bool is_symbol(std::string_view text) const { return is(token_type::symbol) && now().text == text; }
  bool is_name(std::string_view text) const { return is(token_type::name) && now().text == text; }
  bool is_name(std::initializer_list<std::string_view> names) const {
    return is(token_type::name) && std::ranges::find(names, now().text) != names.end();
  }

  bool skip_symbol(std::string_view text) { return is_symbol(text) && (take(), true); }
  bool skip_name(std::string_view text) { return is_name(text) && (take(), true); }

  void expect_symbol(std::string_view text) {
    if (!skip_symbol(text))
      broken("expected \"" + std::string(text) + "\"");
  }
  std::string expect_name() {
    if (!is(token_type::name))
      broken("expected a name");
    return take().text;
  }
  void expect(token_type what, std::string_view called) {
    if (!is(what))
      broken("expected " + std::string(called));
    take();
  }

  [[noreturn]] void broken(const std::string& why) const {
    const auto& here = now();
    const std::string found = here.what == token_type::end ? "the end" : "\"" + here.text + "\"";
    give_up("line " + std::to_string(here.line) + ": " + why + (here.text.empty() ? "" : ", found " + found));
  }

private:
  std::vector<template_token> tokens_;
  std::size_t at_ = 0;
};

} // namespace troupe::kernels::chat
