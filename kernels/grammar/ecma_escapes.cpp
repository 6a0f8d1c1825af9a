#include "kernels/grammar/ecma_escapes.hpp"

#include "kernels/unicode/properties.hpp"

namespace troupe::kernels::grammar {

namespace {

int hex_digit(char32_t c) {
  if (c >= '0' && c <= '9')
    return static_cast<int>(c - '0');
  const auto lower = c | 0x20;
  return lower >= 'a' && lower <= 'f' ? static_cast<int>(lower - 'a') + 10 : -1;
}

std::optional<char32_t> hex(ecma_reader& in, std::size_t digits) {
  char32_t value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const auto digit = hex_digit(in.peek(i));
    if (digit < 0)
      return std::nullopt;
    value = value * 16 + static_cast<char32_t>(digit);
  }
  in.go_to(in.place() + digits);
  return value;
}

/// Behind "\u": four digits, two surrogates of four each, or digits within braces.
result<char32_t> unicode_escape(ecma_reader& in) {
  if (in.skip(U'{')) {
    char32_t value = 0;
    while (!in.at_end() && in.peek() != '}') {
      const auto digit = hex_digit(in.take());
      if (digit < 0 || value > last_code_point)
        return in.fails(fault::invalid, "\\u{...} needs hexadecimal digits");
      value = value * 16 + static_cast<char32_t>(digit);
    }
    if (!in.skip(U'}') || value > last_code_point)
      return in.fails(fault::invalid, "\\u{...} is no character");
    return value;
  }
  const auto unit = hex(in, 4);
  if (!unit)
    return U'u'; // without its digits it is the letter
  if (*unit < 0xd800 || *unit > 0xdbff)
    return *unit;
  const auto back = in.place();
  if (in.skip(U"\\u")) {
    const auto low = hex(in, 4);
    if (low && *low >= 0xdc00 && *low <= 0xdfff)
      return 0x10000 + ((*unit - 0xd800) << 10) + (*low - 0xdc00);
    in.go_to(back);
  }
  return *unit;
}

code_point_set characters_in(unicode::category_set wanted) {
  std::vector<code_point_range> ranges;
  for (char32_t c = 0; c <= last_code_point; ++c) {
    if (!unicode::is_in(c, wanted))
      continue;
    if (!ranges.empty() && ranges.back().last + 1 == c)
      ranges.back().last = c;
    else
      ranges.push_back({c, c});
  }
  return code_point_set::of(std::move(ranges));
}

code_point_set characters_of_script(int script) {
  std::vector<code_point_range> ranges;
  for (char32_t c = 0; c <= last_code_point; ++c)
    if (unicode::script_of(c) == script)
      ranges.push_back({c, c});
  return code_point_set::of(std::move(ranges));
}

/// Behind "\p" or "\P".
result<code_point_set> property(ecma_reader& in, bool negated) {
  if (!in.skip(U'{'))
    return in.fails(fault::refused, "\\p without a name in braces");
  std::string name;
  while (!in.at_end() && in.peek() != '}')
    unicode::append(name, in.take());
  if (!in.skip(U'}'))
    return in.fails(fault::invalid, "\\p{ is not closed");
  const auto equals = name.find('=');
  const auto value = equals == std::string::npos ? name : name.substr(equals + 1);
  const auto kind = equals == std::string::npos ? std::string() : name.substr(0, equals);
  code_point_set set;
  if (const auto category = unicode::category_named(value);
      category && (kind.empty() || kind == "gc" || kind == "General_Category"))
    set = characters_in(*category);
  else if (const auto script = unicode::script_named(value); script && (kind == "sc" || kind == "Script"))
    set = characters_of_script(*script);
  else
    return in.fails(fault::refused, "the property " + name + " is none we know");
  return negated ? set.complement() : set;
}

std::optional<char32_t> control_escape(char32_t c) {
  switch (c) {
  case 't':
    return U'\t';
  case 'n':
    return U'\n';
  case 'v':
    return U'\v';
  case 'f':
    return U'\f';
  case 'r':
    return U'\r';
  default:
    return std::nullopt;
  }
}

const code_point_set* class_escape(char32_t lower) {
  return lower == 'd' ? &ecma_digits() : lower == 'w' ? &ecma_word() : lower == 's' ? &ecma_space() : nullptr;
}

code_point_set one(char32_t c) { return {c, c}; }

} // namespace

result<code_point_set> read_ecma_escape(ecma_reader& in, bool in_class) {
  if (in.at_end())
    return in.fails(fault::invalid, "a backslash ends it");
  const auto c = in.take();
  if (const auto* known = class_escape(c | 0x20); known != nullptr && (c | 0x20) < 0x80)
    return (c & 0x20) != 0 ? *known : known->complement();
  if (const auto control = control_escape(c))
    return one(*control);
  if (c == 'p' || c == 'P')
    return property(in, c == 'P');
  if (c == 'u') {
    const auto character = unicode_escape(in);
    return character ? result<code_point_set>(one(*character)) : fail(character);
  }
  if (c == 'x') {
    const auto value = hex(in, 2);
    return one(value.value_or(U'x'));
  }
  if (c == 'c' && ((in.peek() | 0x20) >= 'a' && (in.peek() | 0x20) <= 'z'))
    return one(in.take() % 32);
  if (c == '0' && (in.peek() < '0' || in.peek() > '9'))
    return one(0);
  if (c >= '0' && c <= '9')
    return in.fails(fault::refused, "back references and octal escapes are not regular");
  if (c == 'b' && in_class)
    return one(0x08);
  if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
    return in.fails(fault::refused, std::string("the escape \\") + static_cast<char>(c) +
                                        " is not in ECMA 262 or no regular language");
  return one(c);
}

result<code_point_set> read_ecma_class(ecma_reader& in) {
  const bool negated = in.skip(U'^');
  std::vector<code_point_range> ranges;
  const auto item = [&]() -> result<code_point_set> {
    const auto c = in.take();
    return c == '\\' ? read_ecma_escape(in, true) : result<code_point_set>(one(c));
  };
  while (!in.at_end() && in.peek() != ']') {
    const auto first = item();
    if (!first)
      return fail(first);
    const auto& from = first->ranges();
    const bool single = from.size() == 1 && from[0].first == from[0].last;
    if (in.peek() != '-' || in.peek(1) == ']' || in.peek(1) == 0) {
      ranges.insert(ranges.end(), from.begin(), from.end());
      continue;
    }
    in.take();
    const auto last = item();
    if (!last)
      return fail(last);
    const auto& to = last->ranges();
    if (!single || to.size() != 1 || to[0].first != to[0].last) {
      // A class beside a dash: both, and the dash itself.
      ranges.insert(ranges.end(), from.begin(), from.end());
      ranges.insert(ranges.end(), to.begin(), to.end());
      ranges.push_back({'-', '-'});
      continue;
    }
    if (from[0].first > to[0].first)
      return in.fails(fault::invalid, "a range whose end is before its beginning");
    ranges.push_back({from[0].first, to[0].first});
  }
  if (!in.skip(U']'))
    return in.fails(fault::invalid, "a class is not closed");
  auto set = code_point_set::of(std::move(ranges));
  return negated ? set.complement() : set;
}

} // namespace troupe::kernels::grammar
