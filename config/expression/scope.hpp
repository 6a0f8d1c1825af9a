#pragma once

#include "config/expression/type.hpp"
#include "config/expression/value.hpp"
#include "config/result.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace troupe::expression {

/// The variables while an expression runs: input, steps, vars… What it hands out lives until the evaluation
/// ends. A failure becomes the expression's own, code `denied`: "secrets are read in `with` only".
class scope {
public:
  virtual ~scope() = default;

  /// Null when there is no such variable.
  virtual result<const value*> find(std::string_view root) const = 0;

  /// The field of a variable, for those who would not build the whole of it: null when it has no such field,
  /// nothing when find() and the value itself shall answer.
  virtual std::optional<const value*> find_field(std::string_view root, std::string_view field) const {
    (void)root, (void)field; // nobody has to split
    return std::nullopt;
  }
};

/// The variables before an expression runs.
class type_scope {
public:
  virtual ~type_scope() = default;

  /// Null when there is no such variable.
  virtual const type* find(std::string_view root) const = 0;

  /// All of them, for "did you mean".
  virtual std::vector<std::string_view> names() const = 0;

  /// Whether there may be others when it runs: then an unknown name is no mistake yet.
  virtual bool is_open() const { return false; }
};

} // namespace troupe::expression
