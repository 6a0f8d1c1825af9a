#include "kernels/pattern/syntax.hpp"

#include "kernels/pattern/class_syntax.hpp"

namespace troupe::kernels {

namespace {

struct flags {
  bool ignore_case = false;
  bool dot_matches_newline = false;
  bool free_spacing = false;
};

class parser {
public:
  explicit parser(std::string_view source)
      : in_(source) {}

  result<parsed_pattern> parse() {
    auto root = choice(flags{}, 0);
    if (!root)
      return fail(root);
    if (!in_.at_end())
      return in_.invalid("a closing parenthesis without an opening one");
    for (auto& set : sets_)
      set.seal();
    return parsed_pattern{std::move(*root), std::move(sets_)};
  }

private:
  using node = pattern_node;

  result<node> choice(flags how, std::size_t depth) {
    if (depth > pattern_depth_max)
      return in_.refused("nested too deeply");
    node all;
    all.what = node::kind::choice;
    do {
      auto one = sequence(how, depth);
      if (!one)
        return one;
      all.children.push_back(std::move(*one));
    } while (in_.skip("|"));
    return all.children.size() == 1 ? std::move(all.children.front()) : std::move(all);
  }

  /// Flags set within it, as in "a(?i)b", hold up to its end and for the alternatives that follow.
  result<node> sequence(flags& how, std::size_t depth) {
    node all;
    while (!in_.at_end() && in_.peek() != '|' && in_.peek() != ')') {
      if (how.free_spacing && skip_spacing())
        continue;
      auto one = atom(how, depth);
      if (!one)
        return one;
      auto repeated = quantified(std::move(*one));
      if (!repeated)
        return repeated;
      all.children.push_back(std::move(*repeated));
    }
    return all;
  }

  bool skip_spacing() {
    if (in_.skip("#")) {
      while (!in_.at_end() && in_.take() != '\n') {
      }
      return true;
    }
    if (!unicode::is_white_space(in_.peek()))
      return false;
    in_.take();
    return true;
  }

  result<node> atom(flags& how, std::size_t depth) {
    if (in_.skip("("))
      return group(how, depth);
    if (in_.skip("[")) {
      auto set = read_class(in_, how.ignore_case, depth);
      if (!set)
        return fail(set);
      return of_set(std::move(*set));
    }
    if (in_.skip("\\"))
      return escaped(how);
    const auto c = in_.take();
    switch (c) {
    case '.':
      return dot(how);
    case '^':
      return of_assertion(pattern_assertion::line_begin);
    case '$':
      return of_assertion(pattern_assertion::line_end);
    case '*':
    case '+':
    case '?':
      return in_.invalid("nothing to repeat");
    default:
      return of_character(c, how);
    }
  }

  result<node> dot(const flags& how) {
    character_set set;
    if (!how.dot_matches_newline)
      set.add('\n', '\n');
    set.negate();
    return of_set(std::move(set));
  }

  result<node> escaped(const flags& how) {
    switch (in_.peek()) {
    case 'b':
      return in_.take(), of_assertion(pattern_assertion::word_edge);
    case 'B':
      return in_.take(), of_assertion(pattern_assertion::no_word_edge);
    case 'A':
      return in_.take(), of_assertion(pattern_assertion::text_begin);
    case 'z':
      return in_.take(), of_assertion(pattern_assertion::text_end);
    case 'Z':
      return in_.take(), of_assertion(pattern_assertion::text_end_or_newline);
    default:
      break;
    }
    auto read = read_escape(in_);
    if (!read)
      return fail(read);
    if (read->character)
      return of_character(*read->character, how);
    if (how.ignore_case)
      read->set->ignore_case();
    return of_set(std::move(*read->set));
  }

  result<node> group(flags& how, std::size_t depth) {
    if (in_.skip("?#")) {
      while (!in_.at_end() && in_.peek() != ')')
        in_.take();
      return closed(node{});
    }
    node outer;
    if (in_.skip("?:") || !in_.next_is("?"))
      return inside(how, depth);
    if (in_.skip("?>"))
      return wrapped(node::kind::atomic, false, how, depth);
    if (in_.skip("?="))
      return wrapped(node::kind::look_ahead, false, how, depth);
    if (in_.skip("?!"))
      return wrapped(node::kind::look_ahead, true, how, depth);
    if (in_.skip("?<="))
      return wrapped(node::kind::look_behind, false, how, depth);
    if (in_.skip("?<!"))
      return wrapped(node::kind::look_behind, true, how, depth);
    if (in_.skip("?<") || in_.skip("?P<")) {
      while (!in_.at_end() && in_.peek() != '>')
        in_.take();
      if (!in_.skip(">"))
        return in_.invalid("the name of a group does not end");
      return inside(how, depth);
    }
    in_.skip("?");
    return flagged(how, depth);
  }

  /// "(?i)" changes what follows, "(?i:…)" only what it holds.
  result<node> flagged(flags& how, std::size_t depth) {
    flags changed = how;
    bool on = true;
    for (;; in_.take()) {
      const auto c = in_.peek();
      if (c == '-')
        on = false;
      else if (c == 'i')
        changed.ignore_case = on;
      else if (c == 'm' || c == 's')
        changed.dot_matches_newline = on;
      else if (c == 'x')
        changed.free_spacing = on;
      else
        break;
    }
    if (in_.skip(":"))
      return inside(changed, depth);
    if (!in_.skip(")"))
      return in_.refused("a kind of group beyond this engine");
    how = changed;
    return node{};
  }

  result<node> inside(flags how, std::size_t depth) {
    auto body = choice(how, depth + 1);
    if (!body)
      return body;
    return closed(std::move(*body));
  }

  result<node> wrapped(node::kind what, bool negated, flags how, std::size_t depth) {
    auto body = inside(how, depth);
    if (!body)
      return body;
    node outer;
    outer.what = what;
    outer.negated = negated;
    outer.children.push_back(std::move(*body));
    return outer;
  }

  result<node> closed(node body) {
    if (!in_.skip(")"))
      return in_.invalid("a group does not end");
    return body;
  }

  struct bounds {
    std::uint32_t least = 0;
    std::uint32_t most = without_end;
  };

  /// Nothing if what stands there is no count: then the brace is itself.
  result<std::optional<bounds>> counts() {
    const auto place = in_.place();
    in_.skip("{");
    const auto least = number();
    bounds found{least.value_or(0), least.value_or(without_end)};
    std::optional<std::uint32_t> most;
    const bool comma = in_.skip(",");
    if (comma) {
      most = number();
      found.most = most.value_or(without_end);
    }
    if (!in_.skip("}") || (!least && !most)) {
      in_.go_to(place);
      return std::optional<bounds>{};
    }
    if (found.least > pattern_repeat_max || (found.most > pattern_repeat_max && found.most != without_end))
      return in_.refused("counts above " + std::to_string(pattern_repeat_max));
    if (found.most < found.least)
      return in_.invalid("a count that ends before it begins");
    return std::optional<bounds>(found);
  }

  std::optional<std::uint32_t> number() {
    std::optional<std::uint32_t> value;
    while (in_.peek() >= '0' && in_.peek() <= '9' && value.value_or(0) <= pattern_repeat_max)
      value = value.value_or(0) * 10 + static_cast<std::uint32_t>(in_.take() - '0');
    return value;
  }

  result<node> quantified(node body) {
    for (int stacked = 0;; ++stacked) {
      if (stacked > 8)
        return in_.refused("repetition of repetition");
      bool counted = false;
      bounds found;
      if (in_.skip("*")) {
      } else if (in_.skip("+")) {
        found.least = 1;
      } else if (in_.skip("?")) {
        found.most = 1;
      } else if (in_.next_is("{")) {
        auto read = counts();
        if (!read)
          return fail(read);
        if (!*read)
          return body;
        found = **read;
        counted = true;
      } else {
        return body;
      }
      node outer;
      outer.what = node::kind::repeat;
      outer.least = found.least;
      outer.most = found.most;
      outer.how = in_.skip("?")               ? repetition::lazy
                  : !counted && in_.skip("+") ? repetition::possessive
                                              : repetition::greedy;
      outer.children.push_back(std::move(body));
      body = std::move(outer);
    }
  }

  result<node> of_character(char32_t c, const flags& how) {
    character_set set;
    set.add(c, c);
    if (how.ignore_case)
      set.ignore_case();
    return of_set(std::move(set));
  }

  result<node> of_set(character_set set) {
    node one;
    one.what = node::kind::set;
    one.set = sets_.size();
    sets_.push_back(std::move(set));
    return one;
  }

  result<node> of_assertion(pattern_assertion what) {
    node one;
    one.what = node::kind::assertion;
    one.asserts = what;
    return one;
  }

  pattern_reader in_;
  std::vector<character_set> sets_;
};

} // namespace

result<parsed_pattern> parse_pattern(std::string_view source) {
  if (source.size() > pattern_bytes_max)
    return fail(fault::refused, "a pattern of " + std::to_string(source.size()) + " bytes; at most " +
                                    std::to_string(pattern_bytes_max) + " are read");
  if (const auto at = unicode::first_invalid(source); at != std::string_view::npos)
    return fail(fault::invalid, "pattern, at byte " + std::to_string(at + 1) + ": no UTF-8");
  return parser(source).parse();
}

} // namespace troupe::kernels
