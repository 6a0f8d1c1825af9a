#include "config/expression/parser.hpp"

#include "config/diagnostic/source.hpp"
#include "config/limits.hpp"

#include <algorithm>
#include <array>

namespace troupe::expression {
namespace {

struct binary_operator {
  std::string_view mark;
  node_kind kind;
  int binds; // the higher, the tighter
};

constexpr std::array operators{
    binary_operator{"||", node_kind::or_, 1},        binary_operator{"&&", node_kind::and_, 2},
    binary_operator{"==", node_kind::equal, 3},      binary_operator{"!=", node_kind::not_equal, 3},
    binary_operator{"<=", node_kind::less_equal, 3}, binary_operator{">=", node_kind::greater_equal, 3},
    binary_operator{"<", node_kind::less, 3},        binary_operator{">", node_kind::greater, 3},
    binary_operator{"in", node_kind::in, 3},         binary_operator{"+", node_kind::add, 4},
    binary_operator{"-", node_kind::subtract, 4},    binary_operator{"*", node_kind::multiply, 5},
    binary_operator{"/", node_kind::divide, 5},      binary_operator{"%", node_kind::modulo, 5},
};

const binary_operator* operator_at(const token& t) {
  if (t.is != token_kind::mark && t.is != token_kind::word_in)
    return nullptr;
  const auto found = std::ranges::find(operators, t.text, &binary_operator::mark);
  return found == operators.end() ? nullptr : &*found;
}

tl::unexpected<problem> too_deep(span at) {
  return refuse(code::limit, at,
                "the expression is nested deeper than " + std::to_string(limits::expression_depth_max) +
                    " levels",
                "x in [a, b, c] replaces a long row of ||");
}

span across(const node& from, const node& to) { return {from.at.begin, to.at.end}; }

// Counts a level of recursion while it lives.
class level {
public:
  explicit level(std::size_t& count)
      : count_(++count) {}
  ~level() { --count_; }
  level(const level&) = delete;
  level& operator=(const level&) = delete;
  bool too_deep() const { return count_ > limits::expression_depth_max; }

private:
  std::size_t& count_;
};

} // namespace

std::string_view to_string(node_kind operation) noexcept {
  const auto found = std::ranges::find(operators, operation, &binary_operator::kind);
  if (found != operators.end())
    return found->mark;
  switch (operation) {
  case node_kind::negate:
    return "-";
  case node_kind::not_:
    return "!";
  case node_kind::coalesce:
    return "??";
  default:
    return "?:";
  }
}

bool is_binary(node_kind kind) noexcept { return kind >= node_kind::add && kind <= node_kind::or_; }

tl::expected<syntax_tree, problem> parse(std::string_view text) {
  if (text.size() > limits::expression_bytes_max)
    return refuse(code::limit, {0, text.size()},
                  "the expression is longer than " + std::to_string(limits::expression_bytes_max) + " bytes");
  if (const std::size_t bad = config::first_invalid_utf8(text); bad != text.npos)
    return refuse(code::syntax, {bad, bad + 1}, "the expression is not UTF-8");
  return parser(text).run();
}

parser::parser(std::string_view text)
    : lexer_("") {
  tree_.text = text;
}

tl::expected<syntax_tree, problem> parser::run() {
  lexer_ = lexer(tree_.text);
  if (auto read = advance(); !read)
    return tl::unexpected(read.error());
  if (current_.is == token_kind::end)
    return refuse(code::syntax, {0, tree_.text.size()}, "the expression is empty");
  auto root = whole();
  if (!root)
    return tl::unexpected(std::move(root.error()));
  if (current_.is != token_kind::end)
    return unexpected();
  return std::move(tree_);
}

parser::done parser::advance() {
  last_end_ = current_.at.end;
  auto read = lexer_.next();
  if (!read)
    return tl::unexpected(std::move(read.error()));
  current_ = *std::move(read);
  return {};
}

parser::done parser::expect(std::string_view mark, std::string_view after) {
  if (at_mark(mark))
    return advance();
  const std::string wanted = "\"" + std::string(mark) + "\" is missing after " + std::string(after);
  if (current_.is == token_kind::end)
    return refuse(code::syntax, current_.at, wanted);
  return refuse(code::syntax, current_.at, wanted + ", before \"" + std::string(current_.text) + "\"");
}

parser::failure parser::unexpected() const {
  if (current_.is == token_kind::end)
    return refuse(code::syntax, current_.at, "the expression ends where a value is missing");
  const std::string shown = "\"" + std::string(tree_.text_of(current_.at)) + "\"";
  std::string hint;
  if (current_.text == "and" || current_.text == "or")
    hint = current_.text == "and" ? "write &&" : "write ||";
  else if (current_.text == "not")
    hint = "write !";
  else if (current_.mark("{"))
    hint = "a map stands where a value may stand";
  return refuse(code::syntax, current_.at, shown + " cannot stand here", hint);
}

parser::parsed parser::add(node made, const std::vector<node_id>& children) {
  if (tree_.nodes.size() == limits::expression_nodes_max)
    return refuse(code::limit, made.at,
                  "the expression has more than " + std::to_string(limits::expression_nodes_max) + " parts");
  for (const node_id child : children)
    made.depth = std::max(made.depth, static_cast<std::uint16_t>(at(child).depth + 1));
  if (made.depth > limits::expression_depth_max)
    return too_deep(made.at);
  made.first_child = static_cast<std::uint32_t>(tree_.children.size());
  made.child_count = static_cast<std::uint32_t>(children.size());
  tree_.children.insert(tree_.children.end(), children.begin(), children.end());
  tree_.nodes.push_back(made);
  return static_cast<node_id>(tree_.nodes.size() - 1);
}

std::uint32_t parser::name_index(std::string_view name) {
  const auto found = std::ranges::find(tree_.names, name);
  if (found != tree_.names.end())
    return static_cast<std::uint32_t>(found - tree_.names.begin());
  tree_.names.emplace_back(name);
  return static_cast<std::uint32_t>(tree_.names.size() - 1);
}

parser::parsed parser::whole() {
  const level here(depth_);
  if (here.too_deep())
    return too_deep(current_.at);
  return conditional();
}

parser::parsed parser::conditional() {
  const auto condition = coalesced();
  if (!condition || !at_mark("?"))
    return condition;
  const span mark = current_.at;
  if (auto read = advance(); !read)
    return tl::unexpected(read.error());
  const auto if_true = coalesced();
  if (!if_true)
    return if_true;
  if (auto read = expect(":", "the first branch of ?"); !read)
    return tl::unexpected(read.error());
  const auto if_false = whole();
  if (!if_false)
    return if_false;
  node made;
  made.kind = node_kind::conditional;
  made.at = across(at(*condition), at(*if_false));
  made.mark = mark;
  return add(made, {*condition, *if_true, *if_false});
}

parser::parsed parser::coalesced() {
  auto left = binary(0);
  while (left && at_mark("??")) {
    const span mark = current_.at;
    if (auto read = advance(); !read)
      return tl::unexpected(read.error());
    const auto right = binary(0);
    if (!right)
      return right;
    // Languages disagree on how tightly it binds: what one reader takes for granted, the next misreads.
    for (const node_id side : {*left, *right}) {
      if (is_binary(at(side).kind) && !at(side).bracketed)
        return refuse(code::syntax, across(at(*left), at(*right)),
                      "?? stands beside " + std::string(to_string(at(side).kind)) + " without brackets",
                      "put (…) around what belongs together");
    }
    node made;
    made.kind = node_kind::coalesce;
    made.at = across(at(*left), at(*right));
    made.mark = mark;
    left = add(made, {*left, *right});
  }
  return left;
}

parser::parsed parser::binary(int tightest_left) {
  auto left = unary();
  while (left) {
    const binary_operator* found = operator_at(current_);
    if (!found || found->binds <= tightest_left)
      return left;
    const span mark = current_.at;
    if (auto read = advance(); !read)
      return tl::unexpected(read.error());
    const auto right = binary(found->binds);
    if (!right)
      return right;
    node made;
    made.kind = found->kind;
    made.at = across(at(*left), at(*right));
    made.mark = mark;
    left = add(made, {*left, *right});
  }
  return left;
}

parser::parsed parser::unary() {
  if (!at_mark("!") && !at_mark("-"))
    return member();
  const level here(depth_);
  if (here.too_deep())
    return too_deep(current_.at);
  const token sign = current_;
  if (auto read = advance(); !read)
    return tl::unexpected(read.error());
  if (sign.mark("-"))
    return negative(sign);
  const auto operand = unary();
  if (!operand)
    return operand;
  node made;
  made.kind = node_kind::not_;
  made.at = {sign.at.begin, at(*operand).at.end};
  made.mark = sign.at;
  return add(made, {*operand});
}

// A sign belongs to the number that follows it: only so can the smallest int be written.
parser::parsed parser::negative(const token& minus) {
  const bool is_int = current_.is == token_kind::literal && current_.literal.is(value_kind::integer);
  const bool is_double = current_.is == token_kind::literal && current_.literal.is(value_kind::real);
  if (is_int || is_double) {
    current_.at.begin = minus.at.begin;
    if (is_double)
      current_.literal = value::of(-current_.literal.as_double());
    else if (!current_.is_large) // the large one has become the smallest int already
      current_.literal = value::of(-current_.literal.as_int());
    current_.is_large = false;
    return member();
  }
  const auto operand = unary();
  if (!operand)
    return operand;
  node made;
  made.kind = node_kind::negate;
  made.at = {minus.at.begin, at(*operand).at.end};
  made.mark = minus.at;
  return add(made, {*operand});
}

parser::parsed parser::member() {
  auto target = primary();
  while (target) {
    if (at_mark("."))
      target = after_dot(*target);
    else if (at_mark("["))
      target = indexed(*target);
    else if (at_mark("{") &&
             (at(*target).kind == node_kind::variable || at(*target).kind == node_kind::field))
      return no_message(at(*target));
    else
      return target;
  }
  return target;
}

parser::failure parser::no_message(const node& before) const {
  return refuse(code::unsupported, before.at,
                "messages are not part of this language: " + std::string(tree_.text_of(before.at)) + "{…}",
                "a map is written {\"field\": value}");
}

parser::parsed parser::primary() {
  const token first = current_;
  switch (first.is) {
  case token_kind::literal:
    return literal();
  case token_kind::name:
    return named();
  case token_kind::mark:
    break;
  default:
    return unexpected();
  }
  if (!at_mark("(") && !at_mark("[") && !at_mark("{") && !at_mark("."))
    return unexpected();
  if (auto read = advance(); !read)
    return tl::unexpected(read.error());
  if (first.mark("("))
    return bracketed(first);
  if (first.mark("["))
    return list(first);
  return first.mark("{") ? map(first) : absolute(first);
}

parser::parsed parser::bracketed(const token& open) {
  const auto inside = whole();
  if (!inside)
    return inside;
  if (auto read = expect(")", "what ( opened"); !read)
    return tl::unexpected(read.error());
  at(*inside).bracketed = true;
  at(*inside).at = {open.at.begin, end()};
  return inside;
}

parser::parsed parser::list(const token& open) {
  std::vector<node_id> items;
  while (!at_mark("]")) {
    if (at_mark("?"))
      return refuse(code::unsupported, current_.at, "optional items are not part of this language");
    const auto item = whole();
    if (!item)
      return item;
    items.push_back(*item);
    if (!at_mark(","))
      break;
    if (auto read = advance(); !read)
      return tl::unexpected(read.error());
  }
  if (auto read = expect("]", "the items of a list"); !read)
    return tl::unexpected(read.error());
  node made;
  made.kind = node_kind::list;
  made.at = made.mark = {open.at.begin, end()};
  return add(made, items);
}

parser::parsed parser::map(const token& open) {
  std::vector<node_id> entries;
  while (!at_mark("}")) {
    if (at_mark("?"))
      return refuse(code::unsupported, current_.at, "optional entries are not part of this language");
    const auto key = whole();
    if (!key)
      return key;
    if (auto read = expect(":", "the key of a map"); !read)
      return tl::unexpected(read.error());
    const auto item = whole();
    if (!item)
      return item;
    entries.insert(entries.end(), {*key, *item});
    if (!at_mark(","))
      break;
    if (auto read = advance(); !read)
      return tl::unexpected(read.error());
  }
  if (auto read = expect("}", "the entries of a map"); !read)
    return tl::unexpected(read.error());
  node made;
  made.kind = node_kind::map;
  made.at = made.mark = {open.at.begin, end()};
  return add(made, entries);
}

parser::parsed parser::literal() {
  if (current_.is_large)
    return refuse(code::range, current_.at, "the number does not fit an int",
                  "a uint is written with u: 9223372036854775808u");
  node made;
  made.at = made.mark = current_.at;
  made.index = static_cast<std::uint32_t>(tree_.literals.size());
  tree_.literals.push_back(current_.literal);
  if (auto read = advance(); !read)
    return tl::unexpected(read.error());
  return add(made);
}

parser::parsed parser::named() {
  const token name = current_;
  if (auto read = advance(); !read)
    return tl::unexpected(read.error());
  if (is_reserved(name.text))
    return refuse(code::syntax, name.at,
                  "\"" + std::string(name.text) + "\" is a reserved word, not a variable");
  return at_mark("(") ? global_call(name) : variable(name, true);
}

// `.x` is the variable x, whatever a macro calls its own.
parser::parsed parser::absolute(const token& dot) {
  token name = current_;
  if (name.is != token_kind::name)
    return unexpected();
  if (auto read = advance(); !read)
    return tl::unexpected(read.error());
  name.at.begin = dot.at.begin;
  return at_mark("(") ? global_call(name) : variable(name, false);
}

parser::parsed parser::variable(const token& name, bool may_be_local) {
  node made;
  made.at = made.mark = name.at;
  const auto slot = std::ranges::find(locals_.rbegin(), locals_.rend(), name.text);
  made.kind = may_be_local && slot != locals_.rend() ? node_kind::local : node_kind::variable;
  made.index = made.kind == node_kind::local ? static_cast<std::uint32_t>(locals_.rend() - slot - 1)
                                             : name_index(name.text);
  return add(made);
}

parser::parsed parser::after_dot(node_id target) {
  if (auto read = advance(); !read)
    return tl::unexpected(read.error());
  if (at_mark("?") || at_mark("??"))
    return refuse(code::unsupported, current_.at, "optional fields (.?) are not part of this language",
                  "a.b ?? c takes c when b is absent");
  const token name = current_;
  if (name.is != token_kind::name && name.is != token_kind::quoted_name)
    return refuse(code::syntax, name.at, "a field's name is missing after \".\"",
                  name.is == token_kind::end ? "" : "names that are no words: a[\"…\"]");
  if (auto read = advance(); !read)
    return tl::unexpected(read.error());
  return at_mark("(") && name.is == token_kind::name ? receiver_call(target, name) : field(target, name);
}

parser::parsed parser::field(node_id target, const token& name) {
  node made;
  made.at = {at(target).at.begin, name.at.end};
  made.mark = name.at;
  if (at(target).kind == node_kind::field && tree_.text_of(at(target).at) == "google.protobuf") {
    if (name.text != "Timestamp" && name.text != "Duration")
      return refuse(code::unsupported, made.at, "Protobuf's types are not part of this language");
    made.index = static_cast<std::uint32_t>(tree_.literals.size());
    tree_.literals.push_back(value::type("google.protobuf." + std::string(name.text)));
    return add(made);
  }
  made.kind = node_kind::field;
  made.index = name_index(name.text);
  return add(made, {target});
}

parser::parsed parser::indexed(node_id target) {
  const span open = current_.at;
  if (auto read = advance(); !read)
    return tl::unexpected(read.error());
  if (at_mark("?"))
    return refuse(code::unsupported, current_.at, "optional items ([?…]) are not part of this language",
                  "a[b] ?? c takes c when there is none");
  const auto which = whole();
  if (!which)
    return which;
  if (auto read = expect("]", "an index"); !read)
    return tl::unexpected(read.error());
  node made;
  made.kind = node_kind::index;
  made.at = {at(target).at.begin, end()};
  made.mark = {open.begin, end()};
  return add(made, {target, *which});
}

} // namespace troupe::expression
