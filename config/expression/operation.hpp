#pragma once

#include "config/expression/expression.hpp"
#include "config/expression/syntax_tree.hpp"

#include <memory>
#include <span>
#include <string>
#include <tl/expected.hpp>

namespace troupe::expression {

/// Why an operation gave nothing. Boxed: operations return by value through every level of a tree.
using refusal = std::unique_ptr<problem>;
using outcome = tl::expected<value, refusal>;

/// Without a place: whoever walks the tree knows it.
tl::unexpected<refusal> reject(code what, std::string message, std::string hint = {});

/// "+ does not take int and string"
tl::unexpected<refusal> reject_kinds(std::string_view operation,
                                     std::initializer_list<const value*> operands);

/// What one evaluation may still use up.
class budget {
public:
  explicit budget(const evaluation_limits& limits) noexcept
      : steps_left_(limits.steps)
      , steps_max_(limits.steps)
      , weight_max_(limits.weight) {}

  /// Null while there is enough.
  refusal spend(std::size_t steps);
  /// For an operation that reads so many bytes.
  refusal spend_bytes(std::size_t bytes) { return spend(bytes / 64); }
  /// A value that was built, if it is not too large.
  outcome accept(value built) const;
  refusal allow(std::size_t weight) const;

private:
  std::size_t steps_left_;
  std::size_t steps_max_;
  std::size_t weight_max_;
};

struct operation_context {
  const evaluation& with;
  budget& spent;
};

/// + - * / %
outcome calculate(node_kind operation, const value& a, const value& b, operation_context& in);
outcome negated(const value& a);
/// < <= > >=
outcome ordered(node_kind operation, const value& a, const value& b);
/// `item in holder`
outcome contained(const value& item, const value& holder, operation_context& in);

/// A function of the table. `pattern` is that of `matches`, when it is known already.
outcome call_function(const function_entry& entry, std::span<const value> arguments,
                      const compiled_pattern* pattern, operation_context& in);

outcome convert(function to, const value& from);
outcome call_on_text(function f, std::span<const value> arguments, const compiled_pattern* pattern,
                     operation_context& in);
outcome call_on_time(function f, std::span<const value> arguments, operation_context& in);
outcome call_on_list(function f, std::span<const value> arguments, operation_context& in);

/// What type(x) gives: int, null_type, google.protobuf.Timestamp.
std::string_view type_name(value_kind kind) noexcept;

/// The types that have a name of their own in an expression: `type(x) == int`.
bool is_type_name(std::string_view name) noexcept;

} // namespace troupe::expression
