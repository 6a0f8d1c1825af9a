#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::kernels::chat {

enum class token_type : unsigned char {
  data, // text between tags
  block_begin,
  block_end,
  print_begin,
  print_end,
  name,
  text, // a string literal, its escapes read
  integer,
  real,
  symbol, // an operator or bracket
  end
};

struct template_token {
  token_type what = token_type::end;
  std::string text;
  std::size_t line = 0;
};

/// A template as tokens, white space control done: trim_blocks, lstrip_blocks, "-" and "+". Throws
/// template_failure with the line.
std::vector<template_token> tokenize_template(std::string_view source);

} // namespace troupe::kernels::chat
