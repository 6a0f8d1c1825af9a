#include "kernels/grammar/schema_shapes.hpp"

#include <nlohmann/json.hpp>

namespace troupe::kernels::grammar {

result<done> schema_shapes::read_combined(const json& schema, shape& to) {
  if (schema.contains("allOf")) {
    const auto all = shapes_in(schema, "allOf");
    if (!all)
      return fail(all);
    for (const auto& one : *all) {
      auto both = narrowed(to, one);
      if (!both)
        return refuse(schema, "allOf", both.error().message);
      to = std::move(*both);
    }
  }
  for (const auto read : {&schema_shapes::read_any_of, &schema_shapes::read_one_of, &schema_shapes::read_not,
                          &schema_shapes::read_condition})
    if (auto did = (this->*read)(schema, to); !did)
      return did;
  return done{};
}

result<std::vector<shape>> schema_shapes::shapes_in(const json& schema, const char* keyword) {
  const auto& list = schema.at(keyword);
  if (!list.is_array() || list.empty())
    return refuse(schema, keyword, "it is no list of schemas");
  std::vector<shape> shapes;
  for (const auto& one : list) {
    auto next = shape_of(one);
    if (!next)
      return fail(next);
    shapes.push_back(std::move(*next));
  }
  return shapes;
}

result<done> schema_shapes::read_any_of(const json& schema, shape& to) {
  if (!schema.contains("anyOf"))
    return done{};
  const auto all = shapes_in(schema, "anyOf");
  if (!all)
    return fail(all);
  shape sum;
  for (const auto& one : *all) {
    auto both = narrowed(to, one);
    if (!both)
      return refuse(schema, "anyOf", both.error().message);
    sum = algebra_.united(std::move(sum), *both);
    if (sum.objects.size() > alternatives_max || sum.arrays.size() > alternatives_max)
      return refuse(schema, "anyOf", "too many alternatives");
  }
  to = std::move(sum);
  return done{};
}

/// Each of the schemas without all others that overlap with it.
result<done> schema_shapes::read_one_of(const json& schema, shape& to) {
  if (!schema.contains("oneOf"))
    return done{};
  auto all = shapes_in(schema, "oneOf");
  if (!all)
    return fail(all);
  for (auto& one : *all) {
    auto both = narrowed(to, one);
    if (!both)
      return refuse(schema, "oneOf", both.error().message);
    one = std::move(*both);
  }
  shape sum;
  for (std::size_t i = 0; i < all->size(); ++i) {
    auto alone = (*all)[i];
    for (std::size_t j = 0; j < all->size(); ++j) {
      if (i == j)
        continue;
      const auto common = narrowed(alone, (*all)[j]);
      if (!common)
        return refuse(schema, "oneOf", common.error().message);
      if (surely_empty(*common, 3))
        continue;
      const auto others = algebra_.complement(*common);
      auto left = others ? narrowed(alone, *others) : others;
      if (!left)
        return refuse(schema, "oneOf", left.error().message);
      alone = std::move(*left);
    }
    sum = algebra_.united(std::move(sum), alone);
    if (sum.objects.size() > alternatives_max || sum.arrays.size() > alternatives_max)
      return refuse(schema, "oneOf", "too many alternatives");
  }
  to = std::move(sum);
  return done{};
}

result<done> schema_shapes::read_not(const json& schema, shape& to) {
  const auto found = schema.find("not");
  if (found == schema.end())
    return done{};
  const auto unwanted = shape_of(*found);
  if (!unwanted)
    return fail(unwanted);
  const auto others = algebra_.complement(*unwanted);
  auto both = others ? narrowed(to, *others) : others;
  if (!both)
    return refuse(schema, "not", both.error().message);
  to = std::move(*both);
  return done{};
}

result<done> schema_shapes::read_condition(const json& schema, shape& to) {
  if (!schema.contains("if") || !(schema.contains("then") || schema.contains("else")))
    return done{};
  const auto condition = shape_of(schema.at("if"));
  const auto then = schema.contains("then") ? shape_of(schema.at("then")) : shape::all();
  const auto otherwise = schema.contains("else") ? shape_of(schema.at("else")) : shape::all();
  if (!condition || !then || !otherwise)
    return !condition ? fail(condition) : !then ? fail(then) : fail(otherwise);
  const auto opposite = algebra_.complement(*condition);
  if (!opposite)
    return refuse(schema, "if", opposite.error().message);
  auto with = narrowed(to, *condition);
  auto without = narrowed(to, *opposite);
  if (with)
    with = narrowed(*with, *then);
  if (without)
    without = narrowed(*without, *otherwise);
  if (!with || !without)
    return refuse(schema, "if", (with ? without : with).error().message);
  to = algebra_.united(std::move(*with), *without);
  if (to.objects.size() > alternatives_max || to.arrays.size() > alternatives_max)
    return refuse(schema, "if", "too many alternatives");
  return done{};
}

} // namespace troupe::kernels::grammar
