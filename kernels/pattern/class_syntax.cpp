#include "kernels/pattern/class_syntax.hpp"

#include "kernels/pattern/syntax.hpp"

#include <array>

namespace troupe::kernels {

namespace {

constexpr char32_t last_character = 0x10ffff;

struct named_set {
  std::string_view name;
  character_set (*make)();
};

character_set of_categories(unicode::category_set wanted) {
  character_set set;
  set.add_categories(wanted);
  return set;
}

character_set of_ranges(std::initializer_list<std::pair<char32_t, char32_t>> ranges) {
  character_set set;
  for (const auto& [first, last] : ranges)
    set.add(first, last);
  return set;
}

character_set white_space() {
  character_set set;
  set.add_white_space(false);
  return set;
}

unicode::category_set word() {
  using namespace unicode::categories;
  return letter | mark | decimal_digit | connector_punctuation;
}

character_set punctuation_and_ascii_symbols() {
  auto set = of_ranges({{'$', '$'}, {'+', '+'}, {'<', '>'}, {'^', '^'}, {'`', '`'}, {'|', '|'}, {'~', '~'}});
  set.add_categories(unicode::categories::punctuation);
  return set;
}

character_set visible(bool with_space) {
  character_set set = of_categories(unicode::categories::other);
  set.add(white_space());
  set.negate();
  character_set both;
  both.add(std::move(set));
  if (with_space)
    both.add_categories(unicode::categories::space_separator);
  return both;
}

// The names of POSIX, in brackets or as properties.
const std::array<named_set, 14> posix_sets{{
    {"alnum",
     [] {
       return of_categories(unicode::categories::letter | unicode::categories::mark |
                            unicode::categories::decimal_digit);
     }},
    {"alpha", [] { return of_categories(unicode::categories::letter | unicode::categories::mark); }},
    {"ascii",
     [] {
       return of_ranges({{0, 127}});
     }},
    {"blank",
     [] {
       auto set = of_ranges({{'\t', '\t'}});
       set.add_categories(unicode::categories::space_separator);
       return set;
     }},
    {"cntrl", [] { return of_categories(unicode::category_named("Cc").value_or(0)); }},
    {"digit", [] { return of_categories(unicode::categories::decimal_digit); }},
    {"graph", [] { return visible(false); }},
    {"lower", [] { return of_categories(unicode::category_named("Ll").value_or(0)); }},
    {"print", [] { return visible(true); }},
    {"punct", punctuation_and_ascii_symbols},
    {"space", white_space},
    {"upper", [] { return of_categories(unicode::category_named("Lu").value_or(0)); }},
    {"word", [] { return of_categories(word()); }},
    {"xdigit",
     [] {
       return of_ranges({{'0', '9'}, {'a', 'f'}, {'A', 'F'}});
     }},
}};

std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : name)
    if (c != '_' && c != ' ' && c != '-')
      plain.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
  return plain;
}

std::optional<character_set> set_named(std::string_view name) {
  for (const auto& known : posix_sets)
    if (plain_name(name) == known.name)
      return known.make();
  if (const auto categories = unicode::category_named(name))
    return of_categories(*categories);
  if (const auto script = unicode::script_named(name)) {
    character_set set;
    set.add_script(*script);
    return set;
  }
  return std::nullopt;
}

result<character_set> read_property(pattern_reader& in, bool negated) {
  if (!in.skip("{"))
    return in.invalid("\\p wants a name in braces");
  if (in.skip("^"))
    negated = !negated;
  std::string name;
  while (!in.at_end() && in.peek() != '}')
    unicode::append(name, in.take());
  if (!in.skip("}"))
    return in.invalid("the name of a property does not end");
  auto set = set_named(name);
  if (!set)
    return in.refused("there is no property \"" + name + "\"");
  if (negated)
    set->negate();
  return std::move(*set);
}

std::optional<unsigned> hex_digit(char32_t c) {
  if (c >= '0' && c <= '9')
    return static_cast<unsigned>(c - '0');
  const auto lower = c | 0x20u;
  return lower >= 'a' && lower <= 'f' ? std::optional(static_cast<unsigned>(lower - 'a' + 10)) : std::nullopt;
}

result<char32_t> read_hex(pattern_reader& in, int digits) {
  const bool braced = in.skip("{");
  char32_t c = 0;
  int have = 0;
  for (; have < (braced ? 8 : digits) && !in.at_end(); ++have) {
    const auto digit = hex_digit(in.peek());
    if (!digit)
      break;
    in.take();
    c = c * 16 + *digit;
  }
  if (have == 0 || (braced && !in.skip("}")) || c > last_character)
    return in.invalid("that is no character's number");
  return c;
}

std::optional<character_set> shorthand(char32_t letter) {
  character_set set;
  switch (letter | 0x20u) {
  case 'd':
    set.add_categories(unicode::categories::decimal_digit);
    break;
  case 'w':
    set.add_categories(word());
    break;
  case 's':
    set.add_white_space(false);
    break;
  case 'h':
    set = of_ranges({{'0', '9'}, {'a', 'f'}, {'A', 'F'}});
    break;
  default:
    return std::nullopt;
  }
  if (letter < 'a')
    set.negate();
  return set;
}

std::optional<char32_t> control(char32_t letter) {
  constexpr std::string_view letters = "ntrfvae";
  constexpr std::string_view characters = "\n\t\r\f\v\a\x1b";
  const auto at = letter < 128 ? letters.find(static_cast<char>(letter)) : std::string_view::npos;
  return at == std::string_view::npos ? std::nullopt
                                      : std::optional<char32_t>(static_cast<char32_t>(characters[at]));
}

/// One item of a class: a character, perhaps the first of a range, or a whole set.
result<pattern_escape> read_item(pattern_reader& in) {
  if (in.skip("\\")) {
    if (in.skip("b"))
      return pattern_escape{U'\b', {}};
    return read_escape(in);
  }
  return pattern_escape{in.take(), {}};
}

result<done> read_range_or_item(pattern_reader& in, character_set& to) {
  auto first = read_item(in);
  if (!first)
    return fail(first);
  if (first->set) {
    to.add(std::move(*first->set));
    return done{};
  }
  const auto place = in.place();
  if (!in.skip("-") || in.at_end() || in.peek() == ']' || in.peek() == '[') {
    in.go_to(place);
    to.add(*first->character, *first->character);
    return done{};
  }
  auto last = read_item(in);
  if (!last)
    return fail(last);
  if (last->set) { // "[a-\d]": the dash is itself
    to.add(*first->character, *first->character);
    to.add('-', '-');
    to.add(std::move(*last->set));
    return done{};
  }
  if (*last->character < *first->character)
    return in.invalid("a range that ends before it begins");
  to.add(*first->character, *last->character);
  return done{};
}

result<bool> read_posix(pattern_reader& in, character_set& to) {
  const auto place = in.place();
  if (!in.skip("[:"))
    return false;
  const bool negated = in.skip("^");
  std::string name;
  while (!in.at_end() && in.peek() >= 'a' && in.peek() <= 'z')
    name.push_back(static_cast<char>(in.take()));
  if (!in.skip(":]")) {
    in.go_to(place);
    return false;
  }
  auto set = set_named(name);
  if (!set)
    return in.invalid("there is no class [:" + name + ":]");
  if (negated)
    set->negate();
  to.add(std::move(*set));
  return true;
}

} // namespace

result<pattern_escape> read_escape(pattern_reader& in) {
  if (in.at_end())
    return in.invalid("a backslash at the end");
  const auto letter = in.take();
  if (auto set = shorthand(letter))
    return pattern_escape{{}, std::move(set)};
  if (const auto c = control(letter))
    return pattern_escape{c, {}};
  if (letter == 'p' || letter == 'P') {
    auto set = read_property(in, letter == 'P');
    if (!set)
      return fail(set);
    return pattern_escape{{}, std::move(*set)};
  }
  if (letter == 'x' || letter == 'u') {
    const auto c = read_hex(in, letter == 'x' ? 2 : 4);
    if (!c)
      return fail(c);
    return pattern_escape{*c, {}};
  }
  if (letter == '0')
    return pattern_escape{U'\0', {}};
  if (letter < 128 && ((letter >= '1' && letter <= '9') || (letter | 0x20u) - 'a' < 26u))
    return in.refused("an escape beyond this engine");
  return pattern_escape{letter, {}};
}

result<character_set> read_class(pattern_reader& in, bool ignore_case, std::size_t depth) {
  if (depth > pattern_depth_max)
    return in.refused("nested too deeply");
  character_set set;
  if (ignore_case)
    set.ignore_case();
  const bool negated = in.skip("^");
  for (bool first = true; first || in.peek() != ']'; first = false) {
    if (in.at_end())
      return in.invalid("a class does not end");
    if (in.skip("&&")) { // binds weakest: what stood so far, and what follows up to the bracket
      auto rest = read_class(in, ignore_case, depth + 1);
      if (!rest)
        return rest;
      set.intersect(std::move(*rest));
      if (negated)
        set.negate();
      return set;
    }
    const auto posix = read_posix(in, set);
    if (!posix)
      return fail(posix);
    if (*posix)
      continue;
    if (in.skip("[")) {
      auto inner = read_class(in, ignore_case, depth + 1);
      if (!inner)
        return inner;
      set.add(std::move(*inner));
    } else if (auto item = read_range_or_item(in, set); !item) {
      return fail(item);
    }
  }
  if (!in.skip("]"))
    return in.invalid("a class does not end");
  if (negated)
    set.negate();
  return set;
}

} // namespace troupe::kernels
