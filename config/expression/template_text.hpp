#pragma once

#include "config/expression/expression.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace troupe::expression {

/// A string with `${{ e }}` in it: plain text, one expression that keeps its type, or text with parts filled
/// in.
/// Spans of problems and references count from the start of the string.
class template_text {
public:
  static tl::expected<template_text, problem> parse(std::string_view text);

  /// No expression in it.
  bool is_literal() const noexcept;
  /// One expression and nothing beside it but line breaks at the end, which block scalars of YAML have.
  bool is_single() const noexcept;
  const std::string& literal() const; // requires is_literal()

  /// The type of the one expression; else string, and that what is filled in has a text.
  checked check(const type_scope& names) const;

  /// The value of the one expression; else text. Null has no text: `?? ""` says what to write instead. Lists
  /// and maps are written as JSON.
  tl::expected<value, problem> evaluate(const scope& names, const evaluation& with = {}) const;

  std::vector<reference> references() const;

  struct embedded {
    expression inner;
    std::size_t begin = 0; // of the expression's text within the string
    span at;               // with its `${{` and `}}`
  };
  using part = std::variant<std::string, embedded>;
  const std::vector<part>& parts() const noexcept { return parts_; }

private:
  std::vector<part> parts_;
  bool single_ = false;
};

} // namespace troupe::expression
