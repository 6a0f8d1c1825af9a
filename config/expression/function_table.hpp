#pragma once

#include "config/expression/type.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace troupe::expression {

enum class function : std::uint8_t {
  size,
  type_of,
  to_dyn,
  to_bool,
  to_int,
  to_uint,
  to_double,
  to_text,
  to_bytes,
  to_timestamp,
  to_duration,
  contains,
  starts_with,
  ends_with,
  matches,
  get_date,
  get_day_of_month,
  get_day_of_week,
  get_day_of_year,
  get_full_year,
  get_hours,
  get_milliseconds,
  get_minutes,
  get_month,
  get_seconds,
  minimum,
  maximum,
  sum,
  sort,
  distinct,
  join,
  split,
  lower,
  upper
};

/// A set of kinds that an argument may be of: one bit for each type_kind.
using kinds = std::uint32_t;
constexpr kinds one(type_kind kind) { return 1U << static_cast<unsigned>(kind); }

/// One row: a function, how it is called, what it takes and gives.
struct function_entry {
  function id;
  std::string_view name;
  bool global;        // f(a, b)
  bool receiver;      // a.f(b)
  std::uint8_t least; // arguments, the receiver among them
  std::uint8_t most;
  kinds takes[3];  // the last one repeats
  type_kind gives; // dyn: depends on the arguments
  std::string_view usage;
};

std::span<const function_entry> function_table() noexcept;
const function_entry& entry_of(function f) noexcept;

/// Null when there is none of that name.
const function_entry* find_function(std::string_view name) noexcept;

/// For functions and macros that other implementations of CEL have: what to write instead, which may be
/// empty. Nothing for any other name.
std::optional<std::string_view> instead_of(std::string_view name) noexcept;

/// Functions and macros, for "did you mean".
std::vector<std::string_view> callable_names();

} // namespace troupe::expression
