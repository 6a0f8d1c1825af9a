// Any bytes as a string with expressions in it: its parts, put together, are the string; places lie within
// it.
#include "config/expression/template_text.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace troupe::expression;

void require(bool holds) {
  if (!holds)
    std::abort();
}

class no_variables : public scope {
public:
  troupe::result<const value*> find(std::string_view) const override { return nullptr; }
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(bytes), size);
  const auto read = template_text::parse(text);
  if (!read) {
    require(read.error().at.begin <= read.error().at.end && read.error().at.end <= size);
    return 0;
  }
  std::string whole;
  for (const auto& part : read->parts()) {
    const auto* code_part = std::get_if<template_text::embedded>(&part);
    whole += code_part ? text.substr(code_part->at.begin, code_part->at.end - code_part->at.begin)
                       : std::get<std::string>(part);
  }
  require(read->is_single() ? text.starts_with(whole) : whole == text);
  for (const reference& found : read->references())
    require(text.substr(found.parts[0].begin).starts_with(found.root) || text[found.parts[0].begin] == '.' ||
            text[found.parts[0].begin] == '(');
  const auto made = read->evaluate(no_variables());
  require(made || made.error().at.end <= size);
  return 0;
}
