#pragma once

#include "config/expression/scope.hpp"
#include "config/expression/template_text.hpp"
#include "workflows/plan/formula.hpp"

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace troupe::workflow {

using expression::value;

/// A value as far as it is known before a run.
struct resolved {
  std::optional<value> known; // all of it
  std::string shown;          // JSON text; what is not known stands in it as "‹expression›"
  std::string problem;        // the expression would fail
};

/// What is known before a run, by the names that expressions use. A copy is a way that may be taken.
class known_values final : public expression::scope {
public:
  value input;
  value event;
  value env = value::object({});
  value run = value::object({});
  std::map<std::string, std::optional<value>, std::less<>> vars;   // nothing: it has a value, not known which
  std::map<std::string, std::optional<value>, std::less<>> steps;  // absent: it has not run
  std::map<std::string, std::optional<value>, std::less<>> locals; // `item`, `index`, `error`

  resolved resolve(const formula& f) const;
  /// Whatever differs in `way` is unknown from now on.
  void blur(const known_values& way);

  result<const value*> find(std::string_view root) const override;
  std::optional<const value*> find_field(std::string_view root, std::string_view field) const override;

private:
  bool knows(const expression::expression& e) const;
  bool knows(const expression::reference& r) const;
  resolved resolve_text(const expression::template_text& text) const;

  mutable value made_; // what find() built last
};

} // namespace troupe::workflow
