#include "kernels/chat/attributes.hpp"
#include "kernels/chat/failure.hpp"
#include "kernels/chat/filters.hpp"
#include "kernels/chat/formatting.hpp"
#include "kernels/chat/json.hpp"
#include "kernels/chat/machine.hpp"
#include "kernels/chat/parameters.hpp"
#include "kernels/chat/python.hpp"
#include "kernels/chat/text_tools.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace troupe::kernels::chat {

namespace {

value absolute(machine&, const value& self, arguments args) {
  const parameters none("abs", std::move(args), {});
  require_defined(self);
  if (const auto number = self.whole())
    return *number < 0 ? negated(*number) : value(*number);
  if (self.is_real())
    return std::abs(self.real());
  give_up("bad operand type for abs(): '" + type_name(self) + "'");
}

value attribute(machine& with, const value& self, arguments args) {
  const parameters given("attr", std::move(args), {"name"});
  require_defined(self);
  const auto name = to_text(given.at(0));
  auto found = own_attribute(with, self, name);
  return found ? std::move(*found)
               : value::undefined("'" + type_name(self) + " object' has no attribute " + shown_text(name));
}

value otherwise(machine&, const value& self, arguments args) {
  const parameters given("default", std::move(args), {"default_value", "boolean"});
  const bool absent = self.is_undefined() || (given.flag_or(1, false) && !is_true(self));
  return absent ? given.value_or(0, "") : self;
}

std::string plain_number(const value& self) {
  std::string plain;
  for (const char c : stripped(to_text(self), std::nullopt, true, true))
    if (c != '_')
      plain += c;
  return plain.starts_with('+') ? plain.substr(1) : plain;
}

std::optional<std::int64_t> whole_of_text(std::string digits, std::int64_t base) {
  const bool negative = digits.starts_with('-');
  if (negative)
    digits.erase(0, 1);
  const auto prefix = digits.substr(0, 2);
  if ((base == 16 && (prefix == "0x" || prefix == "0X")) ||
      (base == 8 && (prefix == "0o" || prefix == "0O")) || (base == 2 && (prefix == "0b" || prefix == "0B")))
    digits.erase(0, 2);
  std::int64_t number = 0;
  const auto [end, problem] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number, static_cast<int>(base));
  const bool whole =
      problem == std::errc{} && end == digits.data() + digits.size() && !digits.starts_with('-');
  return whole ? std::optional(negative ? -number : number) : std::nullopt;
}

std::optional<double> real_of(const value& self) {
  if (const auto number = self.number())
    return number;
  if (!self.is_text())
    return std::nullopt;
  const auto text = plain_number(self);
  double number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc{} && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

value to_whole(machine&, const value& self, arguments args) {
  const parameters given("int", std::move(args), {"default", "base"});
  const auto base = given.whole_or(1, 10);
  require_defined(self);
  if (base < 2 || base > 36)
    give_up("int() base must be >= 2 and <= 36");
  if (const auto whole = self.whole())
    return *whole;
  if (self.is_text())
    if (const auto whole = whole_of_text(plain_number(self), base))
      return *whole;
  const auto real = real_of(self);
  if (real && std::abs(*real) < 9.2e18)
    return static_cast<std::int64_t>(*real);
  return given.value_or(0, 0);
}

value to_real(machine&, const value& self, arguments args) {
  const parameters given("float", std::move(args), {"default"});
  require_defined(self);
  const auto real = real_of(self);
  return real ? value(*real) : given.value_or(0, 0.0);
}

/// To the nearest decimal, ties to even, of the exact binary number: as printing does it.
double rounded(double number, std::int64_t precision) {
  if (precision < 0) {
    const auto unit = std::pow(10.0, static_cast<double>(std::min<std::int64_t>(-precision, 400)));
    return std::nearbyint(number / unit) * unit;
  }
  std::array<char, 512> text{};
  std::snprintf(text.data(), text.size(), "%.*f", static_cast<int>(std::min<std::int64_t>(precision, 100)),
                number);
  return std::strtod(text.data(), nullptr);
}

value round_number(machine&, const value& self, arguments args) {
  const parameters given("round", std::move(args), {"precision", "method"});
  require_defined(self);
  const auto precision = given.whole_or(0, 0);
  const auto method = given.text_or(1, "common");
  const auto number = self.number();
  if (method != "common" && method != "ceil" && method != "floor")
    give_up("method must be common, ceil or floor");
  if (!number)
    give_up("type " + type_name(self) + " doesn't define __round__ method");
  if (method == "common" && self.whole())
    return precision >= 0 ? *self.whole() : static_cast<std::int64_t>(rounded(*number, precision));
  if (method == "common")
    return rounded(*number, precision);
  const auto unit = std::pow(10.0, static_cast<double>(precision));
  return (method == "ceil" ? std::ceil(*number * unit) : std::floor(*number * unit)) / unit;
}

value file_size(machine& with, const value& self, arguments args) {
  const parameters given("filesizeformat", std::move(args), {"binary"});
  const bool binary = given.flag_or(0, false);
  const auto bytes = real_of(self);
  if (!bytes)
    give_up("filesizeformat wants a number, not " + type_name(self));
  constexpr std::array<const char*, 8> decimal{"kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"};
  constexpr std::array<const char*, 8> binaries{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"};
  const double base = binary ? 1024 : 1000;
  if (*bytes == 1)
    return "1 Byte";
  if (*bytes < base)
    return with.text(std::to_string(static_cast<std::int64_t>(*bytes)) + " Bytes");
  double unit = base;
  std::size_t which = 0;
  while (which + 1 < decimal.size() && *bytes >= unit * base) {
    unit *= base;
    ++which;
  }
  return with.text(format_value(with, *bytes / unit, ".1f") + " " + (binary ? binaries : decimal)[which]);
}

value to_json_text(machine& with, const value& self, arguments args) {
  const parameters given("tojson", std::move(args), {"ensure_ascii", "indent", "separators", "sort_keys"});
  json_layout how;
  how.ascii_only = given.flag_or(0, false);
  how.sorted = given.flag_or(3, false);
  if (given.has(1) && !given.at(1).is_none()) {
    how.indent = given.at(1).is_text() ? given.text(1) : spaces(with, given.whole_or(1, 0));
    how.item_separator = ",";
  }
  if (given.has(2) && !given.at(2).is_none()) {
    const auto separators = to_list(with, given.at(2));
    if (separators.size() != 2 || !separators[0].is_text() || !separators[1].is_text())
      give_up("separators are a pair of strings");
    how.item_separator = separators[0].text();
    how.key_separator = separators[1].text();
  }
  return with.text(to_json(with, self, how));
}

constexpr std::array<named_function, 9> functions{{{"abs", absolute},
                                                   {"attr", attribute},
                                                   {"d", otherwise},
                                                   {"default", otherwise},
                                                   {"filesizeformat", file_size},
                                                   {"float", to_real},
                                                   {"int", to_whole},
                                                   {"round", round_number},
                                                   {"tojson", to_json_text}}};

} // namespace

builtin::body value_filter(std::string_view name) {
  const auto found = std::ranges::find(functions, name, &named_function::name);
  return found == functions.end() ? nullptr : found->run;
}

builtin::body find_filter(std::string_view name) {
  for (const auto search : {text_filter, list_filter, selecting_filter, value_filter})
    if (const auto found = search(name))
      return found;
  return nullptr;
}

} // namespace troupe::kernels::chat
