#include "kernels/grammar/schema_shapes.hpp"

#include <nlohmann/json.hpp>

namespace troupe::kernels::grammar {

result<done> schema_shapes::read_arrays(const json& schema, shape& to) {
  array_shape array;
  const auto least = count(schema, "minItems");
  const auto most = count(schema, "maxItems");
  if (!least || !most)
    return least ? fail(most) : fail(least);
  array.least = least->value_or(0);
  array.most = most->value_or(no_limit);
  if (const auto unique = schema.find("uniqueItems"); unique != schema.end())
    array.unique = unique->is_boolean() && unique->get<bool>();
  if (auto read = read_items(schema, array); !read)
    return read;
  if (auto read = read_contains(schema, array); !read)
    return read;
  if (array == array_shape{})
    return done{};
  for (auto& one : to.arrays)
    one = algebra_.intersected(one, array);
  prune(to);
  return done{};
}

result<done> schema_shapes::read_items(const json& schema, array_shape& array) {
  const auto tuple = [&](const json& list) -> result<done> {
    for (const auto& item : list) {
      const auto node = node_of(item);
      if (!node)
        return fail(node);
      array.first.push_back(*node);
    }
    return done{};
  };
  // A list of schemas under "items" is what "prefixItems" became, and "additionalItems" what "items" did.
  const char* rest = "items";
  const auto items = schema.find("items");
  const auto prefix = schema.find("prefixItems");
  auto read = result<done>(done{});
  if (prefix != schema.end() && prefix->is_array()) {
    read = tuple(*prefix);
  } else if (items != schema.end() && items->is_array()) {
    read = tuple(*items);
    rest = "additionalItems";
  }
  if (!read)
    return read;
  if (const auto others = schema.find(rest); others != schema.end()) {
    const auto node = node_of(*others);
    if (!node)
      return fail(node);
    array.rest = *node;
  }
  return done{};
}

result<done> schema_shapes::read_contains(const json& schema, array_shape& array) {
  const auto contains = schema.find("contains");
  if (contains == schema.end())
    return done{};
  const auto least = count(schema, "minContains");
  const auto most = count(schema, "maxContains");
  const auto node = node_of(*contains);
  if (!least || !most)
    return least ? fail(most) : fail(least);
  if (!node)
    return fail(node);
  const item_count wanted{*node, least->value_or(1), most->value_or(no_limit), 0};
  if (wanted.least > 0 || wanted.most != no_limit)
    array.counts.push_back(wanted);
  return done{};
}

} // namespace troupe::kernels::grammar
