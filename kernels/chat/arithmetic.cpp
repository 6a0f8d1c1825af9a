#include "kernels/chat/failure.hpp"
#include "kernels/chat/formatting.hpp"
#include "kernels/chat/machine.hpp"
#include "kernels/chat/python.hpp"

#include <cmath>

namespace troupe::kernels::chat {

namespace {

[[noreturn]] void unsupported(std::string_view sign, const value& a, const value& b) {
  give_up("unsupported operand type(s) for " + std::string(sign) + ": '" + type_name(a) + "' and '" +
          type_name(b) + "'");
}

[[noreturn]] void too_large() { give_up("an integer beyond 64 bits"); }

std::int64_t floor_quotient(std::int64_t a, std::int64_t b) {
  if (b == -1) {
    std::int64_t negative = 0;
    if (__builtin_sub_overflow(std::int64_t{0}, a, &negative))
      too_large();
    return negative;
  }
  const auto quotient = a / b;
  return a % b != 0 && (a % b < 0) != (b < 0) ? quotient - 1 : quotient;
}

std::int64_t whole_power(std::int64_t base, std::int64_t exponent) {
  std::int64_t result = 1;
  while (exponent > 0) {
    if ((exponent & 1) != 0 && __builtin_mul_overflow(result, base, &result))
      too_large();
    exponent >>= 1;
    if (exponent > 0 && __builtin_mul_overflow(base, base, &base))
      too_large();
  }
  return result;
}

value whole_arithmetic(std::string_view sign, std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  bool overflow = false;
  if (sign == "+")
    overflow = __builtin_add_overflow(a, b, &result);
  else if (sign == "-")
    overflow = __builtin_sub_overflow(a, b, &result);
  else if (sign == "*")
    overflow = __builtin_mul_overflow(a, b, &result);
  else if (sign == "**")
    return b >= 0 ? value(whole_power(a, b))
                  : value(std::pow(static_cast<double>(a), static_cast<double>(b)));
  else if (b == 0)
    give_up(sign == "/" ? "division by zero" : "integer division or modulo by zero");
  else if (sign == "/")
    return static_cast<double>(a) / static_cast<double>(b);
  else if (sign == "//")
    result = floor_quotient(a, b);
  else
    result = b == -1 ? 0 : a - floor_quotient(a, b) * b;
  if (overflow)
    too_large();
  return result;
}

value real_arithmetic(std::string_view sign, double a, double b) {
  if (sign == "+")
    return a + b;
  if (sign == "-")
    return a - b;
  if (sign == "*")
    return a * b;
  if (sign == "**") {
    const auto power = std::pow(a, b);
    if (std::isnan(power) && !std::isnan(a) && !std::isnan(b))
      give_up("a complex number");
    return power;
  }
  if (b == 0)
    give_up("float division by zero");
  if (sign == "/")
    return a / b;
  const auto quotient = std::floor(a / b);
  if (sign == "//")
    return quotient;
  auto rest = std::fmod(a, b);
  if (rest != 0 && (rest < 0) != (b < 0))
    rest += b;
  return rest;
}

bool is_list(const value& v) { return v.is_sequence() && v.items().kind == sequence_kind::list; }
bool is_tuple(const value& v) {
  return v.is_sequence() &&
         (v.items().kind == sequence_kind::tuple || v.items().kind == sequence_kind::group);
}

value concatenated(machine& with, const value& a, const value& b) {
  auto all = a.items().items;
  all.insert(all.end(), b.items().items.begin(), b.items().items.end());
  with.hold(all.size() * sizeof(value));
  return is_list(a) ? make_list(std::move(all)) : make_tuple(std::move(all));
}

value repeated(machine& with, const value& what, std::int64_t times) {
  const auto count = static_cast<std::size_t>(std::max<std::int64_t>(times, 0));
  const auto size = what.is_text() ? what.text().size() : what.items().items.size() * sizeof(value);
  if (size > 0 && count > with.limits().working_bytes / size)
    give_up("a repetition beyond the limit");
  with.hold(size * count);
  if (what.is_text()) {
    std::string text;
    text.reserve(size * count);
    for (std::size_t i = 0; i < count && size > 0; ++i)
      text += what.text();
    return text;
  }
  value_list all;
  for (std::size_t i = 0; i < count && size > 0; ++i)
    all.insert(all.end(), what.items().items.begin(), what.items().items.end());
  return is_list(what) ? make_list(std::move(all)) : make_tuple(std::move(all));
}

bool repeats(const value& what, const value& times) {
  return (what.is_text() || is_list(what) || is_tuple(what)) && times.whole().has_value();
}

} // namespace

value arithmetic(machine& with, std::string_view sign, const value& a, const value& b) {
  require_defined(a);
  if (sign == "%" && a.is_text())
    return with.text(format_percent(with, a.text(), b));
  require_defined(b);
  if (const auto x = a.whole(), y = b.whole(); x && y)
    return whole_arithmetic(sign, *x, *y);
  if (const auto x = a.number(), y = b.number(); x && y)
    return real_arithmetic(sign, *x, *y);
  if (sign == "+") {
    if (a.is_text() && b.is_text())
      return with.text(a.text() + b.text());
    if ((is_list(a) && is_list(b)) || (is_tuple(a) && is_tuple(b)))
      return concatenated(with, a, b);
    if (a.is_text())
      give_up("can only concatenate str (not \"" + type_name(b) + "\") to str");
  }
  if (sign == "*" && repeats(a, b))
    return repeated(with, a, *b.whole());
  if (sign == "*" && repeats(b, a))
    return repeated(with, b, *a.whole());
  unsupported(sign, a, b);
}

value negated(const value& v) {
  require_defined(v);
  if (const auto number = v.whole()) {
    std::int64_t negative = 0;
    if (__builtin_sub_overflow(std::int64_t{0}, *number, &negative))
      too_large();
    return negative;
  }
  if (v.is_real())
    return -v.real();
  give_up("bad operand type for unary -: '" + type_name(v) + "'");
}

} // namespace troupe::kernels::chat
