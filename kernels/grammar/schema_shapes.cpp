#include "kernels/grammar/schema_shapes.hpp"

#include "kernels/unicode/utf8.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace troupe::kernels::grammar {

namespace {

constexpr int prune_depth = 3;
constexpr int references_max = 64;

bool asserts_something(const nlohmann::json& schema) {
  static const std::set<std::string, std::less<>> annotations{"$schema",
                                                              "$id",
                                                              "id",
                                                              "$comment",
                                                              "title",
                                                              "description",
                                                              "default",
                                                              "examples",
                                                              "readOnly",
                                                              "writeOnly",
                                                              "deprecated",
                                                              "definitions",
                                                              "$defs",
                                                              "$anchor",
                                                              "example",
                                                              "contentEncoding",
                                                              "contentMediaType",
                                                              "contentSchema",
                                                              "$vocabulary",
                                                              "$dynamicAnchor"};
  return std::any_of(schema.items().begin(), schema.items().end(),
                     [](const auto& item) { return !annotations.contains(item.key()); });
}

bool matches(automaton& texts, term_id term, const std::string& text) {
  for (const auto c : unicode::decoded(text))
    if (term = texts.step(term, c); term == term_pool::nothing)
      return false;
  return texts.accepts(term);
}

} // namespace

schema_shapes::schema_shapes(schema_source& source, automaton& texts, node_table& nodes)
    : source_(source)
    , texts_(texts)
    , nodes_(nodes)
    , algebra_(texts.pool(), nodes) {}

tl::unexpected<error> schema_shapes::refuse(const json& schema, const std::string& keyword,
                                            const std::string& why) const {
  return fail(fault::refused, keyword + " at " + source_.place_of(schema) + ": " + why);
}

result<node_id> schema_shapes::root() { return node_of(source_.root()); }

result<node_id> schema_shapes::node_of(const json& schema) {
  const auto* at = &schema;
  for (int i = 0; i < references_max; ++i) {
    if (at->is_boolean())
      return at->get<bool>() ? any_value : no_value;
    if (!at->is_object())
      return refuse(*at, "schema", "it is neither an object nor true or false");
    if (!asserts_something(*at))
      return any_value;
    if (!at->contains("$ref") || (at->size() > 1 && !source_.ref_stands_alone()))
      return nodes_.of({at, any_value, false});
    const auto target = source_.target(*at);
    if (!target)
      return fail(target);
    at = *target;
  }
  return refuse(schema, "$ref", "it leads to itself");
}

result<const shape*> schema_shapes::of(node_id node) {
  if (const auto known = shapes_.find(node); known != shapes_.end())
    return known->second.get();
  if (nodes_.full() || texts_.full())
    return fail(fault::refused, "the schema needs too many combinations of its parts");
  auto made = shape::all();
  const auto asks = nodes_.asks(node); // a copy: reading makes nodes
  for (const auto& one : asks) {
    auto next = of_requirement(one);
    if (!next)
      return fail(next);
    if (asks.size() == 1) {
      made = std::move(*next);
      break;
    }
    auto both = narrowed(made, *next);
    if (!both)
      return fail(both);
    made = std::move(*both);
  }
  auto& place = shapes_[node];
  place = std::make_unique<const shape>(std::move(made));
  return place.get();
}

result<shape> schema_shapes::of_requirement(const requirement& one) {
  if (const auto known = by_requirement_.find(one); known != by_requirement_.end())
    return *known->second;
  if (one.schema == nullptr && one.node == any_value)
    return one.negated ? shape{} : shape::all();
  if (!open_.insert(one).second)
    return fail(fault::refused, "$ref: a schema refers to itself without anything between");
  auto made = result<shape>(shape{});
  if (one.negated) {
    const auto positive = one.schema != nullptr ? of_requirement({one.schema, any_value, false})
                                                : of(one.node).map([](const auto* known) { return *known; });
    made = positive ? algebra_.complement(*positive) : positive;
    if (made)
      prune(*made);
  } else {
    made = one.schema != nullptr ? read(*one.schema)
                                 : of(one.node).map([](const auto* known) { return *known; });
  }
  open_.erase(one);
  if (made)
    by_requirement_[one] = std::make_unique<const shape>(*made);
  return made;
}

result<shape> schema_shapes::shape_of(const json& schema) {
  const auto node = node_of(schema);
  if (!node)
    return fail(node);
  const auto found = of(*node);
  return found ? result<shape>(**found) : fail(found);
}

result<shape> schema_shapes::narrowed(const shape& base, const shape& by) {
  auto made = algebra_.intersected(base, by);
  if (made)
    prune(*made);
  return made;
}

result<shape> schema_shapes::read(const json& schema) {
  auto made = shape::all();
  if (schema.contains("$ref")) {
    const auto target = source_.target(schema);
    if (!target)
      return fail(target);
    auto referred = shape_of(**target);
    if (!referred)
      return referred;
    made = std::move(*referred);
    if (source_.ref_stands_alone())
      return made;
  }
  for (const char* keyword :
       {"$dynamicRef", "$recursiveRef", "unevaluatedItems", "extends", "disallow", "divisibleBy"})
    if (schema.contains(keyword))
      return refuse(schema, keyword, "not supported");
  using reader = result<done> (schema_shapes::*)(const json&, shape&);
  for (const reader next :
       {&schema_shapes::read_type, &schema_shapes::read_values, &schema_shapes::read_numbers,
        &schema_shapes::read_strings, &schema_shapes::read_arrays, &schema_shapes::read_objects,
        &schema_shapes::read_combined})
    if (auto read = (this->*next)(schema, made); !read)
      return fail(read);
  return made;
}

node_id schema_shapes::member(const object_shape& object, const std::string& name) {
  auto node = any_value;
  for (const auto& rules : object.rules) {
    bool named = false;
    if (const auto rule = rules.names.find(name); rule != rules.names.end()) {
      node = nodes_.joined(node, rule->second);
      named = true;
    }
    for (const auto& [names, value] : rules.patterns) {
      if (matches(texts_, names, name)) {
        node = nodes_.joined(node, value);
        named = true;
      }
    }
    if (!named)
      node = nodes_.joined(node, rules.others);
  }
  return matches(texts_, object.names, name) ? node : no_value;
}

void schema_shapes::prune(shape& one) {
  std::erase_if(one.arrays, [this](const auto& array) { return surely_empty(array, prune_depth); });
  std::erase_if(one.objects, [this](const auto& object) { return surely_empty(object, prune_depth); });
}

bool schema_shapes::surely_empty(node_id node, int depth) {
  if (node == any_value || node == no_value || depth <= 0)
    return node == no_value;
  if (empty_.contains(node))
    return true;
  if (const auto tried = not_empty_to_depth_.find(node);
      tried != not_empty_to_depth_.end() && tried->second >= depth)
    return false;
  const auto found = of(node);
  if (!found)
    return false; // who needs the node will see the error
  const bool empty = surely_empty(**found, depth);
  if (empty)
    empty_.insert(node);
  else
    not_empty_to_depth_[node] = depth;
  return empty;
}

bool schema_shapes::surely_empty(const shape& one, int depth) {
  return !one.null && !one.yes && !one.no && one.numbers.empty() && !texts_.alive(one.strings) &&
         std::all_of(one.arrays.begin(), one.arrays.end(),
                     [&](const auto& array) { return surely_empty(array, depth); }) &&
         std::all_of(one.objects.begin(), one.objects.end(),
                     [&](const auto& object) { return surely_empty(object, depth); });
}

bool schema_shapes::surely_empty(const array_shape& one, int depth) {
  if (one.least > one.most)
    return true;
  const auto looked = std::min<std::size_t>(one.least, one.first.size() + 1);
  for (std::size_t i = 0; i < looked; ++i)
    if (surely_empty(one.at(i), depth - 1))
      return true;
  return false;
}

bool schema_shapes::surely_empty(const object_shape& one, int depth) {
  return one.least > one.most || std::any_of(one.required.begin(), one.required.end(), [&](const auto& name) {
           return surely_empty(member(one, name), depth - 1);
         });
}

} // namespace troupe::kernels::grammar
