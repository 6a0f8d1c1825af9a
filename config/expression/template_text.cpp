#include "config/expression/template_text.hpp"

#include "config/diagnostic/source.hpp"
#include "config/expression/text.hpp"
#include "config/expression/token.hpp"
#include "config/expression/value_json.hpp"
#include "config/limits.hpp"
#include "config/result.hpp"

#include <nlohmann/json.hpp>

namespace troupe::expression {
namespace {

constexpr std::string_view opening = "${{";

span shifted(span at, std::size_t by) { return {at.begin + by, at.end + by}; }

problem shifted(problem found, std::size_t by) {
  found.at = shifted(found.at, by);
  return found;
}

// Where the expression that starts at `from` ends: at the }} that closes no brace of its own.
tl::expected<std::size_t, problem> find_end(std::string_view text, std::size_t from) {
  lexer reading(text, from);
  std::size_t open_braces = 0;
  const span start{from - opening.size(), from};
  for (;;) {
    const auto read = reading.next();
    if (!read)
      return tl::unexpected(read.error());
    if (read->is == token_kind::end)
      return tl::unexpected(
          problem{code::template_text, "a ${{ has no }}", start, "an expression is written ${{ … }}"});
    if (read->mark("{"))
      ++open_braces;
    if (!read->mark("}"))
      continue;
    if (open_braces > 0)
      --open_braces;
    else if (text.substr(read->at.begin).starts_with("}}"))
      return read->at.begin;
    else
      return tl::unexpected(problem{code::template_text, "a } stands alone in an expression", read->at,
                                    "an expression ends with }}"});
  }
}

tl::expected<template_text::embedded, problem> embed(std::string_view text, std::size_t begin,
                                                     std::size_t end) {
  const span all{begin - opening.size(), end + 2};
  const std::string_view inside = text.substr(begin, end - begin);
  auto read = expression::parse(inside);
  if (read)
    return template_text::embedded{*std::move(read), begin, all};
  if (inside.find_first_not_of(" \t\r\n") == inside.npos)
    return tl::unexpected(problem{code::template_text, "nothing stands between ${{ and }}", all, {}});
  return tl::unexpected(shifted(std::move(read.error()), begin));
}

// What is filled into a text.
tl::expected<std::string, problem> text_of(const value& v, const span& at) {
  switch (v.kind()) {
  case value_kind::null:
    return tl::unexpected(problem{code::conversion, "the value is null and has no text", at,
                                  "${{ e ?? \"\" }} says what to write instead"});
  case value_kind::boolean:
    return v.as_bool() ? "true" : "false";
  case value_kind::real:
    return write_double(v.as_double());
  case value_kind::text:
    return v.as_text();
  case value_kind::bytes:
    if (config::first_invalid_utf8(v.as_bytes()) != std::string_view::npos)
      return tl::unexpected(problem{code::conversion, "the bytes are not UTF-8 and have no text", at, {}});
    return v.as_bytes();
  default:
    break;
  }
  const auto json = to_json(v);
  if (!json)
    return tl::unexpected(problem{code::conversion, json.error().message, at, json.error().hint});
  return json->is_string() ? json->get<std::string>() : json->dump();
}

} // namespace

tl::expected<template_text, problem> template_text::parse(std::string_view text) {
  template_text made;
  std::size_t at = 0;
  for (auto next = text.find(opening); next != text.npos; next = text.find(opening, at)) {
    if (next > at)
      made.parts_.emplace_back(std::string(text.substr(at, next - at)));
    const std::size_t begin = next + opening.size();
    const auto end = find_end(text, begin);
    if (!end)
      return tl::unexpected(end.error());
    auto inner = embed(text, begin, *end);
    if (!inner)
      return tl::unexpected(std::move(inner.error()));
    made.parts_.emplace_back(*std::move(inner));
    at = *end + 2;
  }
  const std::string_view rest = text.substr(at);
  made.single_ = made.parts_.size() == 1 && at > 0 && made.parts_[0].index() == 1 &&
                 rest.find_first_not_of('\n') == rest.npos;
  if (!made.single_ && (!rest.empty() || made.parts_.empty()))
    made.parts_.emplace_back(std::string(rest));
  return made;
}

bool template_text::is_literal() const noexcept { return parts_.size() == 1 && parts_[0].index() == 0; }

bool template_text::is_single() const noexcept { return single_; }

const std::string& template_text::literal() const {
  ensure(is_literal(), "only a text without expressions is a literal");
  return std::get<std::string>(parts_[0]);
}

checked template_text::check(const type_scope& names) const {
  checked all;
  all.result = type_kind::text;
  for (const part& p : parts_) {
    const auto* code_part = std::get_if<embedded>(&p);
    if (!code_part)
      continue;
    checked inner = code_part->inner.check(names);
    for (problem& found : inner.problems)
      all.problems.push_back(shifted(std::move(found), code_part->begin));
    if (single_)
      all.result = inner.result;
    else if (inner.result.is(type_kind::null))
      all.problems.push_back({code::conversion, "the value is null and has no text", code_part->at, {}});
  }
  return all;
}

tl::expected<value, problem> template_text::evaluate(const scope& names, const evaluation& with) const {
  std::string text;
  for (const part& p : parts_) {
    const auto* code_part = std::get_if<embedded>(&p);
    if (!code_part) {
      text += std::get<std::string>(p);
      continue;
    }
    auto made = code_part->inner.evaluate(names, with);
    if (!made)
      return tl::unexpected(shifted(std::move(made.error()), code_part->begin));
    if (single_)
      return made;
    const auto filled = text_of(*made, code_part->at);
    if (!filled)
      return tl::unexpected(filled.error());
    text += *filled;
    if (text.size() > with.limits.weight)
      return tl::unexpected(
          problem{code::limit,
                  "the text would be larger than " + std::to_string(with.limits.weight) + " bytes",
                  code_part->at,
                  {}});
  }
  return value::text(std::move(text));
}

std::vector<reference> template_text::references() const {
  std::vector<reference> all;
  for (const part& p : parts_) {
    const auto* code_part = std::get_if<embedded>(&p);
    if (!code_part)
      continue;
    for (reference& found : code_part->inner.references()) {
      found.at = shifted(found.at, code_part->begin);
      for (span& place : found.parts)
        place = shifted(place, code_part->begin);
      all.push_back(std::move(found));
    }
  }
  return all;
}

} // namespace troupe::expression
