#pragma once

#include "kernels/grammar/schema_source.hpp"
#include "kernels/grammar/shape_algebra.hpp"

#include <memory>
#include <optional>
#include <unordered_map>
#include <unordered_set>

namespace troupe::kernels::grammar {

/// What the nodes that follow from a schema stand for, one after the other as they are asked for.
class schema_shapes {
public:
  schema_shapes(schema_source& source, automaton& texts, node_table& nodes);

  result<node_id> root();
  /// Lives as long as this. `refused` names the keyword and its place.
  result<const shape*> of(node_id node);

  /// No value is in it, as far as a look at a few levels tells.
  bool surely_empty(node_id node, int depth);
  /// What the rules of an object say about this member.
  node_id member(const object_shape& object, const std::string& name);

private:
  using json = nlohmann::json;

  result<node_id> node_of(const json& schema);
  result<shape> of_requirement(const requirement& one);
  result<shape> read(const json& schema);
  bool surely_empty(const shape& one, int depth);
  bool surely_empty(const array_shape& one, int depth);
  bool surely_empty(const object_shape& one, int depth);
  void prune(shape& one);
  result<shape> narrowed(const shape& base, const shape& by);
  result<shape> shape_of(const json& schema);
  tl::unexpected<error> refuse(const json& schema, const std::string& keyword, const std::string& why) const;

  // schema_scalars.cpp
  result<done> read_type(const json& schema, shape& to);
  result<done> read_numbers(const json& schema, shape& to);
  result<done> read_strings(const json& schema, shape& to);
  result<done> read_values(const json& schema, shape& to);
  result<shape> shape_of_value(const json& value);
  result<std::optional<std::uint32_t>> count(const json& schema, const char* keyword);

  // schema_arrays.cpp
  result<done> read_arrays(const json& schema, shape& to);
  result<done> read_items(const json& schema, array_shape& array);
  result<done> read_contains(const json& schema, array_shape& array);

  // schema_objects.cpp
  result<done> read_objects(const json& schema, shape& to);
  result<done> read_members(const json& schema, object_shape& object);
  result<done> read_dependencies(const json& schema, const char* keyword, shape& to);
  result<done> read_unevaluated(const json& schema, object_shape& object);
  result<done> gather_evaluated(const json& schema, member_rules& rules, bool top, int depth);
  result<term_id> pattern(const json& schema, const char* keyword, const std::string& source);

  // schema_combined.cpp
  result<done> read_combined(const json& schema, shape& to);
  result<done> read_any_of(const json& schema, shape& to);
  result<done> read_one_of(const json& schema, shape& to);
  result<done> read_not(const json& schema, shape& to);
  result<done> read_condition(const json& schema, shape& to);
  result<std::vector<shape>> shapes_in(const json& schema, const char* keyword);

  schema_source& source_;
  automaton& texts_;
  node_table& nodes_;
  shape_algebra algebra_;
  std::unordered_map<node_id, std::unique_ptr<const shape>> shapes_;
  std::map<requirement, std::unique_ptr<const shape>> by_requirement_;
  std::set<requirement> open_; // being read, so that a schema that is itself is noticed
  std::unordered_map<node_id, int> not_empty_to_depth_;
  std::unordered_set<node_id> empty_;
  std::map<std::string, term_id, std::less<>> patterns_;
};

} // namespace troupe::kernels::grammar
