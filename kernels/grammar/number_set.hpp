#pragma once

#include "kernels/grammar/decimal.hpp"

#include <vector>

namespace troupe::kernels::grammar {

enum class number_kind : std::uint8_t { any, whole, broken }; // broken: with something behind the point

/// Numbers between two bounds, on a grid if there is one.
struct number_range {
  number_kind kind = number_kind::any;
  std::optional<decimal> low;
  std::optional<decimal> high;
  bool above_low = false; // low itself is not among them
  bool below_high = false;
  std::optional<number_grid> grid;
  std::vector<number_grid> off; // and on none of these

  bool operator==(const number_range&) const = default;
  bool is_free() const noexcept { return kind == number_kind::any && !low && !high && !grid && off.empty(); }
  bool contains(const decimal& value) const;
  bool empty() const;
  /// The negative ones, as their magnitudes; or the others.
  number_range magnitudes(bool of_negative) const;
};

/// The union of its ranges.
using number_set = std::vector<number_range>;

bool contains(const number_set& set, const decimal& value);
number_set all_numbers();
number_set only(const decimal& value);
std::optional<number_set> intersected(const number_set& a, const number_set& b);
/// Nothing where steps have no common one within reach.
std::optional<number_set> complement(const number_set& set);

/// How much of an interval of magnitudes a set holds.
enum class coverage : char { none = '0', part = 'p', all = '1' };

/// Magnitudes from `first` up to but without `end`; without an end if there is none; `first` itself only
/// where both are the same.
struct magnitude_interval {
  decimal first;
  std::optional<decimal> end;
};

/// `range` is one of magnitudes().
coverage covered(const number_range& range, const magnitude_interval& by);

} // namespace troupe::kernels::grammar
