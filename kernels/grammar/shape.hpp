#pragma once

#include "kernels/grammar/number_set.hpp"
#include "kernels/grammar/terms.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace troupe::kernels::grammar {

/// A set of JSON values that some schemas, or their opposites, describe together. Known by number, because
/// schemas refer to themselves.
using node_id = std::uint32_t;

inline constexpr node_id any_value = 0;
inline constexpr node_id no_value = 1;

/// Of the items from `from` on, `least` to `most` are in `node`.
struct item_count {
  node_id node = any_value;
  std::uint32_t least = 1;
  std::uint32_t most = no_limit;
  std::uint32_t from = 0;
  bool operator==(const item_count&) const = default;
};

struct array_shape {
  std::vector<node_id> first; // of the items at the beginning, one each
  node_id rest = any_value;   // of every item behind those
  std::uint32_t least = 0;
  std::uint32_t most = no_limit;
  std::vector<item_count> counts;
  bool unique = false;

  node_id at(std::size_t index) const { return index < first.size() ? first[index] : rest; }
  bool operator==(const array_shape&) const = default;
};

/// What one schema says about the members of an object: by name, by pattern, and for all others.
struct member_rules {
  std::map<std::string, node_id> names;
  std::vector<std::pair<term_id, node_id>> patterns;
  node_id others = any_value;
  bool operator==(const member_rules&) const = default;
};

/// At least one member has a name among `names` and a value in `node`.
struct wanted_member {
  term_id names = term_pool::anything;
  node_id node = any_value;
  bool operator==(const wanted_member&) const = default;
};

struct object_shape {
  std::vector<member_rules> rules; // all of them hold
  std::set<std::string> required;
  std::uint32_t least = 0;
  std::uint32_t most = no_limit;
  term_id names = term_pool::anything;
  std::vector<wanted_member> wanted;
  std::set<std::pair<std::string, std::string>> implied; // where the first is, the second is too
  bool operator==(const object_shape&) const = default;
};

/// A set of JSON values by type. An array or object is in it if it fits one of the shapes of its type.
struct shape {
  bool null = false;
  bool yes = false;
  bool no = false;
  number_set numbers;
  term_id strings = term_pool::nothing;
  std::vector<array_shape> arrays;
  std::vector<object_shape> objects;

  static shape all() { return {true, true, true, all_numbers(), term_pool::anything, {{}}, {{}}}; }
};

/// More would make every mask slow.
inline constexpr std::size_t alternatives_max = 300;

} // namespace troupe::kernels::grammar
