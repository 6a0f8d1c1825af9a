#include "kernels/grammar/formats.hpp"
#include "kernels/grammar/pattern_terms.hpp"
#include "kernels/grammar/schema_shapes.hpp"

#include "kernels/unicode/utf8.hpp"

#include <nlohmann/json.hpp>

namespace troupe::kernels::grammar {

namespace {

using nlohmann::json;

constexpr std::size_t values_max = 20'000;

bool add_type(const std::string& name, shape& to) {
  const auto all = shape::all();
  if (name == "null") {
    to.null = true;
  } else if (name == "boolean") {
    to.yes = to.no = true;
  } else if (name == "number") {
    to.numbers = all.numbers;
  } else if (name == "integer") {
    number_range whole;
    whole.kind = number_kind::whole;
    if (to.numbers.empty())
      to.numbers = {whole};
  } else if (name == "string") {
    to.strings = all.strings;
  } else if (name == "array") {
    to.arrays = all.arrays;
  } else if (name == "object") {
    to.objects = all.objects;
  } else {
    return name == "any" && (to = all, true); // of draft 3, still met
  }
  return true;
}

std::optional<decimal> exactly(const json& number) { return decimal::parse(number.dump()); }

} // namespace

result<done> schema_shapes::read_type(const json& schema, shape& to) {
  const auto type = schema.find("type");
  if (type == schema.end())
    return done{};
  shape wanted;
  const auto names = type->is_array() ? *type : json::array({*type});
  for (const auto& name : names)
    if (!name.is_string() || !add_type(name.get<std::string>(), wanted))
      return refuse(schema, "type", name.dump() + " is no type");
  auto both = algebra_.intersected(to, wanted);
  if (!both)
    return fail(both);
  to = std::move(*both);
  return done{};
}

result<shape> schema_shapes::shape_of_value(const json& value) {
  shape made;
  switch (value.type()) {
  case json::value_t::null:
    made.null = true;
    break;
  case json::value_t::boolean:
    (value.get<bool>() ? made.yes : made.no) = true;
    break;
  case json::value_t::string:
    made.strings = texts_.pool().literal(unicode::decoded(value.get_ref<const std::string&>()));
    break;
  case json::value_t::array: {
    array_shape array;
    array.least = array.most = static_cast<std::uint32_t>(value.size());
    for (const auto& item : value)
      array.first.push_back(nodes_.of({&source_.keep({{"const", item}}), any_value, false}));
    array.rest = no_value;
    made.arrays = {array};
    break;
  }
  case json::value_t::object: {
    object_shape object;
    member_rules rules;
    rules.others = no_value;
    for (const auto& [name, item] : value.items()) {
      rules.names[name] = nodes_.of({&source_.keep({{"const", item}}), any_value, false});
      object.required.insert(name);
    }
    object.rules = {rules};
    made.objects = {object};
    break;
  }
  default: {
    const auto number = exactly(value);
    if (!number)
      return fail(fault::refused, "a number beyond what is read exactly");
    made.numbers = only(*number);
  }
  }
  return made;
}

result<done> schema_shapes::read_values(const json& schema, shape& to) {
  for (const char* keyword : {"enum", "const"}) {
    const auto found = schema.find(keyword);
    if (found == schema.end())
      continue;
    const bool many = std::string_view(keyword) == "enum";
    if (many && (!found->is_array() || found->size() > values_max))
      return refuse(schema, keyword, "no list, or too long a one");
    shape wanted;
    std::vector<std::u32string> texts;
    for (const auto& value : many ? *found : json::array({*found})) {
      if (value.is_string()) {
        texts.push_back(unicode::decoded(value.get_ref<const std::string&>()));
        continue;
      }
      auto one = shape_of_value(value);
      if (!one)
        return refuse(schema, keyword, one.error().message);
      wanted = algebra_.united(std::move(wanted), *one);
    }
    wanted.strings = texts_.pool().literals(std::move(texts));
    auto both = algebra_.intersected(to, wanted);
    if (!both)
      return refuse(schema, keyword, both.error().message);
    to = std::move(*both);
  }
  return done{};
}

result<done> schema_shapes::read_numbers(const json& schema, shape& to) {
  number_range wanted;
  const auto bound = [&](const char* keyword) { return schema.find(keyword); };
  for (const char* keyword : {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}) {
    const auto found = bound(keyword);
    if (found == schema.end() || found->is_boolean())
      continue;
    const auto number = found->is_number() ? exactly(*found) : std::nullopt;
    if (!number)
      return refuse(schema, keyword, "it is no number that can be read exactly");
    const std::string_view name = keyword;
    number_range one;
    if (name == "multipleOf") {
      one.grid = grid_of(*number);
      if (!one.grid)
        return refuse(schema, keyword, "no step, or too small or large a one");
    } else if (name == "minimum" || name == "exclusiveMinimum") {
      one.low = number;
      // Up to draft 4 whether the bound counts is a flag beside it.
      const auto flag = bound("exclusiveMinimum");
      one.above_low = name != "minimum" || (flag != schema.end() && flag->is_boolean() && flag->get<bool>());
    } else {
      one.high = number;
      const auto flag = bound("exclusiveMaximum");
      one.below_high = name != "maximum" || (flag != schema.end() && flag->is_boolean() && flag->get<bool>());
    }
    auto both = intersected(to.numbers, number_set{one});
    if (!both)
      return refuse(schema, keyword, "it has no common step with another one");
    to.numbers = std::move(*both);
  }
  return done{};
}

result<std::optional<std::uint32_t>> schema_shapes::count(const json& schema, const char* keyword) {
  const auto found = schema.find(keyword);
  if (found == schema.end())
    return std::optional<std::uint32_t>();
  const auto number = found->is_number() ? found->get<double>() : -1.0;
  if (!(number >= 0) || number != static_cast<double>(static_cast<std::uint64_t>(std::min(number, 1e15))))
    return refuse(schema, keyword, "it is no count");
  return std::optional(static_cast<std::uint32_t>(std::min(number, 4e9)));
}

result<done> schema_shapes::read_strings(const json& schema, shape& to) {
  const auto least = count(schema, "minLength");
  const auto most = count(schema, "maxLength");
  if (!least || !most)
    return least ? fail(most) : fail(least);
  auto& pool = texts_.pool();
  std::vector<term_id> all{to.strings};
  if (*least || *most)
    all.push_back(pool.repeat(pool.any_character(), least->value_or(0), most->value_or(no_limit)));
  if (const auto found = schema.find("pattern"); found != schema.end()) {
    if (!found->is_string())
      return refuse(schema, "pattern", "it is no text");
    const auto term = pattern(schema, "pattern", found->get<std::string>());
    if (!term)
      return fail(term);
    all.push_back(*term);
  }
  if (const auto found = schema.find("format"); found != schema.end() && found->is_string()) {
    const auto format = format_named(found->get_ref<const std::string&>());
    if (!format.empty()) {
      const auto term = pattern(schema, "format", std::string(format));
      if (!term)
        return fail(term);
      all.push_back(*term);
    }
  }
  to.strings = pool.both(std::move(all));
  return done{};
}

result<term_id> schema_shapes::pattern(const json& schema, const char* keyword, const std::string& source) {
  if (const auto known = patterns_.find(source); known != patterns_.end())
    return known->second;
  const auto term = texts_with(texts_.pool(), source);
  if (!term)
    return refuse(schema, keyword, term.error().message);
  patterns_.emplace(source, *term);
  return *term;
}

} // namespace troupe::kernels::grammar
