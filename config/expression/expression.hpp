#pragma once

#include "config/expression/problem.hpp"
#include "config/expression/scope.hpp"
#include "config/expression/type.hpp"
#include "config/expression/value.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace troupe::time_zone {
class zone_source;
}

namespace troupe::expression {

class syntax_tree;

/// What an evaluation may use up. The defaults are those of limits.hpp.
struct evaluation_limits {
  evaluation_limits() noexcept;
  std::size_t steps;
  std::size_t weight; // of any value it builds, as value::weight() counts
};

struct evaluation {
  /// For getHours("Europe/Paris") and the like; without it only UTC and offsets are known.
  const time_zone::zone_source* zones = nullptr;
  evaluation_limits limits;
};

/// One variable that an expression reads: steps.qualify.score is {"steps", {"qualify", "score"}}.
struct reference {
  std::string root;
  std::vector<std::string> path; // as far as it is known before it runs
  span at;                       // from the root to the end of the path
  std::vector<span> parts;       // of the root and of each name of the path
  std::size_t needed = 0;        // how many names of the path must be there: fewer in has(a.b) and left of ??
  bool computed = false;         // an index that is only known when it runs follows
  bool operator==(const reference&) const = default;
};

struct checked {
  type result; // dyn where a problem hides it
  std::vector<problem> problems;
  bool ok() const noexcept { return problems.empty(); }
};

/// An expression, read once and evaluated often. Immutable, cheap to copy, safe to share.
class expression {
public:
  static tl::expected<expression, problem> parse(std::string_view text);

  /// Types, names and functions; all mistakes that can be told apart.
  checked check(const type_scope& names) const;

  tl::expected<value, problem> evaluate(const scope& names, const evaluation& with = {}) const;

  /// In the order of the text; variables of macros are not among them.
  std::vector<reference> references() const;

  const std::string& text() const noexcept;

private:
  explicit expression(std::shared_ptr<const syntax_tree> tree) noexcept;
  std::shared_ptr<const syntax_tree> tree_;
};

} // namespace troupe::expression
