#include "kernels/grammar/decimal.hpp"

#include <algorithm>
#include <numeric>

namespace troupe::kernels::grammar {

namespace {

constexpr int exponent_max = 999;
constexpr std::uint32_t scale_max = 12;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// value × 10^scale as digits, cut to a whole number; `exact` says whether nothing was cut.
std::string scaled(const decimal& value, std::uint32_t scale, bool& exact) {
  const auto length = value.point + static_cast<int>(scale);
  exact = value.is_zero() || static_cast<int>(value.digits.size()) <= length;
  if (length <= 0 || value.is_zero())
    return "0";
  auto digits = value.digits.substr(0, static_cast<std::size_t>(length));
  digits.append(static_cast<std::size_t>(length) - digits.size(), '0');
  return digits;
}

std::uint64_t remainder(std::string_view digits, std::uint64_t step) {
  std::uint64_t rest = 0;
  for (const char c : digits)
    rest = (rest * 10 + static_cast<std::uint64_t>(c - '0')) % step;
  return rest;
}

void add(std::string& digits, std::uint64_t amount) {
  for (auto c = digits.rbegin(); c != digits.rend() && amount > 0; ++c) {
    const auto sum = static_cast<std::uint64_t>(*c - '0') + amount;
    *c = static_cast<char>('0' + sum % 10);
    amount = sum / 10;
  }
  if (amount > 0)
    digits.insert(0, std::to_string(amount));
}

} // namespace

decimal make_decimal(bool negative, std::string_view digits, int point) {
  const auto first = digits.find_first_not_of('0');
  if (first == std::string_view::npos)
    return {};
  const auto last = digits.find_last_not_of('0');
  return {negative, std::string(digits.substr(first, last - first + 1)), point - static_cast<int>(first)};
}

decimal with_last_digit_raised(std::string_view digits, int point) {
  std::string raised(digits);
  const auto before = raised.size();
  add(raised, 1);
  return make_decimal(false, raised, point + static_cast<int>(raised.size() - before));
}

std::optional<decimal> decimal::parse(std::string_view text) {
  const bool negative = text.starts_with('-');
  std::size_t at = negative ? 1 : 0;
  std::string digits;
  int point = 0;
  while (at < text.size() && is_digit(text[at]))
    digits += text[at++];
  point = static_cast<int>(digits.size());
  if (at < text.size() && text[at] == '.')
    for (++at; at < text.size() && is_digit(text[at]); ++at)
      digits += text[at];
  if (digits.empty())
    return std::nullopt;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    const bool down = at < text.size() && text[at] == '-';
    if (at < text.size() && (text[at] == '-' || text[at] == '+'))
      ++at;
    int exponent = 0;
    for (; at < text.size() && is_digit(text[at]) && exponent <= exponent_max; ++at)
      exponent = exponent * 10 + (text[at] - '0');
    if (exponent > exponent_max)
      return std::nullopt;
    point += down ? -exponent : exponent;
  }
  if (at != text.size())
    return std::nullopt;
  return make_decimal(negative, digits, point);
}

decimal decimal::negated() const {
  auto other = *this;
  other.negative = !is_zero() && !negative;
  return other;
}

decimal decimal::shifted(int places) const {
  auto other = *this;
  if (!is_zero())
    other.point += places;
  return other;
}

std::strong_ordering compare(const decimal& a, const decimal& b) noexcept {
  if (a.negative != b.negative)
    return a.negative ? std::strong_ordering::less : std::strong_ordering::greater;
  auto order = std::strong_ordering::equal;
  if (a.is_zero() || b.is_zero())
    order = !a.is_zero() <=> !b.is_zero();
  else if (a.point != b.point)
    order = a.point <=> b.point;
  else
    order = a.digits.compare(b.digits) <=> 0;
  return a.negative ? 0 <=> order : order;
}

std::optional<number_grid> grid_of(const decimal& step) {
  if (step.is_zero() || step.negative)
    return std::nullopt;
  const auto behind = static_cast<int>(step.digits.size()) - step.point;
  const auto scale = static_cast<std::uint32_t>(std::max(behind, 0));
  bool exact = true;
  const auto digits = scaled(step, scale, exact);
  if (scale > scale_max || digits.size() > 15)
    return std::nullopt;
  return number_grid{std::stoull(digits), scale};
}

std::optional<number_grid> common_grid(const number_grid& a, const number_grid& b) {
  const auto scale = std::max(a.scale, b.scale);
  const auto raised = [scale](const number_grid& grid) -> std::uint64_t {
    auto step = grid.step;
    for (auto at = grid.scale; at < scale && step <= grid_step_max; ++at)
      step *= 10;
    return step;
  };
  const auto first = raised(a);
  const auto second = raised(b);
  if (first > grid_step_max || second > grid_step_max)
    return std::nullopt;
  const auto divided = first / std::gcd(first, second);
  if (divided > grid_step_max / second)
    return std::nullopt;
  return number_grid{divided * second, scale};
}

bool on_grid(const decimal& value, const number_grid& grid) {
  bool exact = true;
  const auto digits = scaled(value, grid.scale, exact);
  return exact && remainder(digits, grid.step) == 0;
}

decimal next_on_grid(const decimal& value, bool above, const number_grid& grid) {
  bool exact = true;
  auto digits = scaled(value, grid.scale, exact);
  if (!exact || above)
    add(digits, 1);
  if (const auto rest = remainder(digits, grid.step); rest != 0)
    add(digits, grid.step - rest);
  return make_decimal(false, digits, static_cast<int>(digits.size()) - static_cast<int>(grid.scale));
}

} // namespace troupe::kernels::grammar
