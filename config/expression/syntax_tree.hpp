#pragma once

#include "config/expression/function_table.hpp"
#include "config/expression/pattern.hpp"
#include "config/expression/problem.hpp"
#include "config/expression/value.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace troupe::expression {

using node_id = std::uint32_t;

enum class node_kind : std::uint8_t {
  literal,  // index: into literals
  variable, // index: into names
  local,    // index: the slot of a macro's variable
  field,    // child: of what; index: into names
  has,      // the same; asks whether it is there
  index,    // children: of what, which
  call,     // children: arguments, the receiver first
  negate,
  not_,
  add,
  subtract,
  multiply,
  divide,
  modulo,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  in,
  and_,
  or_,
  coalesce,
  conditional, // children: condition, if true, if false
  list,
  map, // children: key, item, key, item…
  all, // macros: children: range, condition; index: the slot of the variable
  exists,
  exists_one,
  filter,
  transform // children: range, result; or range, condition, result
};

struct node {
  node_kind kind = node_kind::literal;
  function called = function::size; // of a call
  bool bracketed = false;           // stands in round brackets
  std::uint16_t depth = 1;          // of the tree below, itself included
  std::uint32_t index = 0;
  std::uint32_t first_child = 0;
  std::uint32_t child_count = 0;
  span at;   // all of it, with brackets around it
  span mark; // the operator, the name of the field or function
};

/// An expression as it was read. Nodes refer to each other by number; the root is the last one.
class syntax_tree {
public:
  std::string text;
  std::vector<node> nodes;
  std::vector<node_id> children;
  std::vector<value> literals;
  std::vector<std::string> names;
  std::vector<compiled_pattern> patterns; // of `matches` with a literal; its call's index, if not 0, less one
  std::uint32_t locals = 0;               // slots that macros need at once

  node_id root() const noexcept { return static_cast<node_id>(nodes.size() - 1); }
  const node& at(node_id id) const { return nodes[id]; }
  std::span<const node_id> children_of(const node& n) const {
    return std::span(children).subspan(n.first_child, n.child_count);
  }
  const node& child(const node& n, std::size_t i) const { return nodes[children_of(n)[i]]; }
  const std::string& name_of(const node& n) const { return names[n.index]; }
  std::string_view text_of(const span& s) const {
    return std::string_view(text).substr(s.begin, s.end - s.begin);
  }
};

tl::expected<syntax_tree, problem> parse(std::string_view text);

/// As it is written: +, &&, in, ??.
std::string_view to_string(node_kind operation) noexcept;

bool is_binary(node_kind kind) noexcept;

} // namespace troupe::expression
