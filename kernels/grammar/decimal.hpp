#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace troupe::kernels::grammar {

/// A number exactly as it is written: 0.DIGITS times ten to the power of `point`. Digits begin and end with
/// one that is not 0; zero has none.
struct decimal {
  bool negative = false;
  std::string digits;
  int point = 0;

  /// JSON's notation, exponents up to 999.
  static std::optional<decimal> parse(std::string_view text);

  bool is_zero() const noexcept { return digits.empty(); }
  bool is_whole() const noexcept { return is_zero() || static_cast<int>(digits.size()) <= point; }
  decimal negated() const;
  decimal shifted(int places) const;
  bool operator==(const decimal&) const = default;
};

std::strong_ordering compare(const decimal& a, const decimal& b) noexcept;
inline bool operator<(const decimal& a, const decimal& b) noexcept { return compare(a, b) < 0; }

/// Of digits and where the point stands behind them, zeros at either end allowed.
decimal make_decimal(bool negative, std::string_view digits, int point);
/// One more in the last of the digits as they are written.
decimal with_last_digit_raised(std::string_view digits, int point);

/// The multiples of `step` / 10^scale.
struct number_grid {
  std::uint64_t step = 1;
  std::uint32_t scale = 0;
  bool operator==(const number_grid&) const = default;
};

inline constexpr std::uint64_t grid_step_max = 1'000'000'000'000'000ULL;

std::optional<number_grid> grid_of(const decimal& step);
/// The numbers on both.
std::optional<number_grid> common_grid(const number_grid& a, const number_grid& b);
bool on_grid(const decimal& value, const number_grid& grid);
/// The smallest number of the grid that is at least `value`, or greater if `above`; value >= 0.
decimal next_on_grid(const decimal& value, bool above, const number_grid& grid);

} // namespace troupe::kernels::grammar
