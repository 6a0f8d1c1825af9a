#pragma once

#include "config/expression/template_text.hpp"
#include "workflows/language/reporter.hpp"
#include "workflows/plan/formula.hpp"

#include <optional>
#include <string>
#include <vector>

namespace troupe::workflow {

/// A value of a file with the expressions in it, still tied to its place: the checks look at this, the plan
/// gets the formula made of it.
struct written {
  config::node at;
  std::optional<expression::template_text> text;        // of a scalar with expressions
  std::vector<written> items;                           // of a list
  std::vector<std::pair<std::string, written>> entries; // of a map, in the order written
  bool broken = false;                                  // told already; nothing is known of it

  bool computed() const noexcept;
};

/// Reports expressions that cannot be read.
written read_written(const config::node& value, reporter& to);

formula make_formula(const written& from);

/// A scalar, list or map without expressions.
expression::value literal_value(const config::node& value);

/// Where a span of the text of `at` stands in the file.
config::range place_of(const config::node& at, expression::span span);

} // namespace troupe::workflow
