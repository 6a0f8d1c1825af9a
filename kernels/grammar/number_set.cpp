#include "kernels/grammar/number_set.hpp"

#include <algorithm>

namespace troupe::kernels::grammar {

namespace {

const decimal zero{};
constexpr int multiples_tried = 32;

bool meets_low(const number_range& range, const decimal& value) {
  return !range.low || (range.above_low ? *range.low < value : !(value < *range.low));
}

bool meets_high(const number_range& range, const decimal& value) {
  return !range.high || (range.below_high ? value < *range.high : !(*range.high < value));
}

bool meets_kind(const number_range& range, const decimal& value) {
  return (range.kind == number_kind::any || (range.kind == number_kind::whole) == value.is_whole()) &&
         (!range.grid || on_grid(value, *range.grid)) &&
         std::none_of(range.off.begin(), range.off.end(),
                      [&](const auto& grid) { return on_grid(value, grid); });
}

void raise_low(number_range& range, const decimal& low, bool above) {
  if (!range.low || *range.low < low) {
    range.low = low;
    range.above_low = above;
  } else if (*range.low == low) {
    range.above_low = range.above_low || above;
  }
}

void lower_high(number_range& range, const decimal& high, bool below) {
  if (!range.high || high < *range.high) {
    range.high = high;
    range.below_high = below;
  } else if (*range.high == high) {
    range.below_high = range.below_high || below;
  }
}

/// Whether `range` cut to magnitudes from `first` holds one in front of `end`.
bool any_within(number_range range, const magnitude_interval& by) {
  raise_low(range, by.first, false);
  if (by.end)
    lower_high(range, *by.end, !(*by.end == by.first));
  return !range.empty();
}

/// Of magnitudes, where the next one on the grid decides.
bool any_on_grid(const number_range& range) {
  auto steps = range.grid.value_or(number_grid{});
  if (range.kind == number_kind::whole && range.grid)
    steps = common_grid(*range.grid, number_grid{}).value_or(*range.grid);
  auto next = next_on_grid(*range.low, range.above_low, steps);
  // Of the next few multiples not all are multiples of something else too, unless all are.
  for (int tries = 0; tries < multiples_tried && !meets_kind(range, next); ++tries)
    next = next_on_grid(next, true, steps);
  return meets_high(range, next) && meets_kind(range, next);
}

std::optional<number_range> intersected(const number_range& a, const number_range& b) {
  auto made = a;
  if (b.low)
    raise_low(made, *b.low, b.above_low);
  if (b.high)
    lower_high(made, *b.high, b.below_high);
  if (made.kind == number_kind::any)
    made.kind = b.kind;
  else if (b.kind != number_kind::any && b.kind != made.kind)
    made.high = decimal{}, made.low = decimal{}, made.below_high = true; // no number is both
  if (b.grid && made.grid) {
    made.grid = common_grid(*made.grid, *b.grid);
    if (!made.grid)
      return std::nullopt;
  } else if (b.grid) {
    made.grid = b.grid;
  }
  for (const auto& grid : b.off)
    if (std::find(made.off.begin(), made.off.end(), grid) == made.off.end())
      made.off.push_back(grid);
  return made;
}

} // namespace

bool number_range::contains(const decimal& value) const {
  return meets_low(*this, value) && meets_high(*this, value) && meets_kind(*this, value);
}

bool number_range::empty() const {
  if (low && high && (*high < *low || (*low == *high && (above_low || below_high))))
    return true;
  if (low && high && *low == *high)
    return !meets_kind(*this, *low);
  if (kind != number_kind::whole && !grid)
    return false; // between two different numbers there are always more
  return !any_on_grid(magnitudes(false)) && !any_on_grid(magnitudes(true));
}

number_range number_range::magnitudes(bool of_negative) const {
  auto made = *this;
  if (of_negative) {
    made.low = high ? std::optional(high->negated()) : std::nullopt;
    made.high = low ? std::optional(low->negated()) : std::nullopt;
    std::swap(made.above_low, made.below_high);
  }
  if (!made.low || made.low->negative) {
    made.low = zero;
    made.above_low = false;
  }
  return made;
}

bool contains(const number_set& set, const decimal& value) {
  return std::any_of(set.begin(), set.end(), [&](const auto& range) { return range.contains(value); });
}

number_set all_numbers() { return {number_range{}}; }

number_set only(const decimal& value) {
  number_range range;
  range.low = range.high = value;
  return {range};
}

std::optional<number_set> intersected(const number_set& a, const number_set& b) {
  number_set made;
  for (const auto& first : a) {
    for (const auto& second : b) {
      auto common = intersected(first, second);
      if (!common)
        return std::nullopt;
      if (!common->empty() && std::find(made.begin(), made.end(), *common) == made.end())
        made.push_back(std::move(*common));
    }
  }
  return made;
}

std::optional<number_set> complement(const number_set& set) {
  auto left = all_numbers();
  for (const auto& range : set) {
    number_set others;
    if (range.grid)
      others.emplace_back().off.push_back(*range.grid);
    for (const auto& grid : range.off)
      others.emplace_back().grid = grid;
    if (range.low) {
      number_range below;
      lower_high(below, *range.low, !range.above_low);
      others.push_back(below);
    }
    if (range.high) {
      number_range above;
      raise_low(above, *range.high, !range.below_high);
      others.push_back(above);
    }
    if (range.kind != number_kind::any) {
      number_range other;
      other.kind = range.kind == number_kind::whole ? number_kind::broken : number_kind::whole;
      others.push_back(other);
    }
    auto next = intersected(left, others);
    if (!next)
      return std::nullopt;
    left = std::move(*next);
  }
  return left;
}

coverage covered(const number_range& range, const magnitude_interval& by) {
  if (!any_within(range, by))
    return coverage::none;
  const bool from_first = meets_low(range, by.first);
  const bool to_end = by.end ? !range.high || !(*range.high < *by.end) : !range.high;
  const bool point = by.end && *by.end == by.first;
  // What is left open then is told by the digits behind the point alone.
  const bool all = from_first && (point || to_end) && !range.grid && range.off.empty() &&
                   range.kind != number_kind::broken;
  return all ? coverage::all : coverage::part;
}

} // namespace troupe::kernels::grammar
