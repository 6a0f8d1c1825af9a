#include "kernels/grammar/ecma_syntax.hpp"

#include "kernels/grammar/ecma_escapes.hpp"

namespace troupe::kernels::grammar {

namespace {

using kind = ecma_node::kind;

class ecma_parser {
public:
  explicit ecma_parser(std::string_view source)
      : in_(source) {}

  result<ecma_node> parse() {
    auto all = choice(0);
    if (all && !in_.at_end())
      return in_.fails(fault::invalid, "a closing parenthesis without its opening one");
    return all;
  }

private:
  result<ecma_node> choice(std::size_t depth) {
    if (depth > ecma_depth_max)
      return in_.fails(fault::refused, "groups are nested too deeply");
    ecma_node made;
    made.what = kind::choice;
    do {
      auto branch = sequence(depth);
      if (!branch)
        return branch;
      made.children.push_back(std::move(*branch));
    } while (in_.skip(U'|'));
    return made.children.size() == 1 ? std::move(made.children[0]) : std::move(made);
  }

  result<ecma_node> sequence(std::size_t depth) {
    ecma_node made;
    while (!in_.at_end() && in_.peek() != '|' && in_.peek() != ')') {
      auto one = item(depth);
      if (!one)
        return one;
      auto counted = repeated(std::move(*one));
      if (!counted)
        return counted;
      made.children.push_back(std::move(*counted));
    }
    return made;
  }

  result<ecma_node> item(std::size_t depth) {
    const auto c = in_.take();
    switch (c) {
    case '^':
      return of(kind::begin);
    case '$':
      return of(kind::end);
    case '.':
      return character(ecma_line_ends().complement());
    case '(':
      return group(depth);
    case '[':
      return character(read_ecma_class(in_));
    case '\\':
      if (in_.peek() == 'b' || in_.peek() == 'B')
        return in_.fails(fault::refused, "word edges (\\b) are not supported");
      return character(read_ecma_escape(in_, false));
    case '*':
    case '+':
    case '?':
      return in_.fails(fault::invalid, "nothing to repeat");
    default:
      return character(code_point_set(c, c));
    }
  }

  result<ecma_node> group(std::size_t depth) {
    auto what = kind::sequence;
    bool negated = false;
    if (in_.skip(U'?')) {
      if (in_.skip(U'=')) {
        what = kind::look_ahead;
      } else if (in_.skip(U'!')) {
        what = kind::look_ahead;
        negated = true;
      } else if (in_.peek() == '<' && in_.peek(1) != '=' && in_.peek(1) != '!') {
        while (!in_.at_end() && in_.take() != '>') {
        }
      } else if (!in_.skip(U':')) {
        return in_.fails(fault::refused, "look-behind and inline flags are not supported");
      }
    }
    auto inner = choice(depth + 1);
    if (!inner)
      return inner;
    if (!in_.skip(U')'))
      return in_.fails(fault::invalid, "a group is not closed");
    if (what == kind::sequence)
      return inner;
    auto look = of(what);
    look.negated = negated;
    look.children.push_back(std::move(*inner));
    return look;
  }

  /// The counts behind an item, if there are any. Whether it is lazy does not change what matches.
  result<ecma_node> repeated(ecma_node one) {
    std::uint32_t least = 0;
    std::uint32_t most = no_limit;
    if (in_.skip(U'+')) {
      least = 1;
    } else if (in_.skip(U'?')) {
      most = 1;
    } else if (!in_.skip(U'*') && !braces(least, most)) {
      return one;
    }
    in_.skip(U'?');
    if (in_.peek() == '+' || in_.peek() == '*' || in_.peek() == '?')
      return in_.fails(fault::refused, "possessive repetition or nothing to repeat");
    if (most < least || (most != no_limit && most > ecma_repeat_max) || least > ecma_repeat_max)
      return in_.fails(fault::refused, "repetition counts that are out of order or too high");
    if (one.what == kind::begin || one.what == kind::end || one.what == kind::look_ahead)
      return in_.fails(fault::refused, "repetition of an assertion");
    ecma_node made;
    made.what = kind::repeat;
    made.least = least;
    made.most = most;
    made.children.push_back(std::move(one));
    return made;
  }

  /// "{2}", "{2,}" or "{2,5}"; anything else in braces is text.
  bool braces(std::uint32_t& least, std::uint32_t& most) {
    const auto back = in_.place();
    bool good = in_.skip(U'{') && number(least);
    most = least;
    if (good && in_.skip(U',')) {
      most = no_limit;
      if (in_.peek() != '}')
        good = number(most);
    }
    good = good && in_.skip(U'}');
    if (!good) {
      in_.go_to(back);
      least = 0;
      most = no_limit;
    }
    return good;
  }

  bool number(std::uint32_t& value) {
    const auto begin = in_.place();
    std::uint32_t read = 0;
    while (in_.peek() >= '0' && in_.peek() <= '9')
      read = std::min<std::uint32_t>(read * 10 + (in_.take() - '0'), ecma_repeat_max + 1);
    value = read;
    return in_.place() > begin;
  }

  static ecma_node of(kind what) {
    ecma_node made;
    made.what = what;
    return made;
  }

  static result<ecma_node> character(result<code_point_set> set) {
    if (!set)
      return fail(set);
    auto made = of(kind::character);
    made.set = std::move(*set);
    return made;
  }

  ecma_reader in_;
};

} // namespace

result<ecma_node> parse_ecma(std::string_view source) {
  if (source.size() > ecma_bytes_max)
    return fail(fault::refused, "a pattern of " + std::to_string(source.size()) + " bytes");
  return ecma_parser(source).parse();
}

} // namespace troupe::kernels::grammar
