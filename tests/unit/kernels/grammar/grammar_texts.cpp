#include "tests/unit/kernels/grammar/grammar_texts.hpp"

namespace troupe::kernels::grammar::testing {

namespace {

using nlohmann::json;

int draw(std::mt19937& random, int below) {
  return static_cast<int>(random() % static_cast<unsigned>(below));
}

template<class T>
const T& pick(std::mt19937& random, const std::vector<T>& from) {
  return from[random() % from.size()];
}

const std::vector<std::string> names{"a", "b", "ab", "c"};
const std::vector<std::string> patterns{"^a", "b$", "^[a-c]{1,2}$", "a|c", "^.$"};

void add_number_keywords(json& schema, std::mt19937& random) {
  static const std::vector<std::string> bounds{"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"};
  schema[pick(random, bounds)] = draw(random, 5) - 1;
  if (draw(random, 3) == 0)
    schema["multipleOf"] = pick(random, std::vector<json>{1, 2, 0.5});
}

void add_string_keywords(json& schema, std::mt19937& random) {
  if (draw(random, 2) == 0)
    schema["minLength"] = draw(random, 3);
  if (draw(random, 2) == 0)
    schema["maxLength"] = 1 + draw(random, 2);
  if (draw(random, 2) == 0)
    schema["pattern"] = pick(random, patterns);
}

void add_array_keywords(json& schema, std::mt19937& random, int depth) {
  if (draw(random, 2) == 0)
    schema["items"] = random_schema(random, depth - 1);
  if (draw(random, 3) == 0) {
    schema["items"] = json::array({random_schema(random, depth - 1)});
    schema["additionalItems"] = random_schema(random, depth - 1);
  }
  if (draw(random, 3) == 0)
    schema["minItems"] = draw(random, 3);
  if (draw(random, 3) == 0)
    schema["maxItems"] = draw(random, 3);
  if (draw(random, 4) == 0 && !schema.contains("maxItems"))
    schema["contains"] = random_schema(random, depth - 1);
}

void add_object_keywords(json& schema, std::mt19937& random, int depth) {
  for (int i = 0; i < 2; ++i)
    schema["properties"][pick(random, names)] = random_schema(random, depth - 1);
  if (draw(random, 3) == 0)
    schema["required"] = json::array({pick(random, names)});
  if (draw(random, 3) == 0)
    schema["additionalProperties"] = random_schema(random, depth - 1);
  if (draw(random, 4) == 0)
    schema["patternProperties"][pick(random, patterns)] = random_schema(random, depth - 1);
  if (draw(random, 5) == 0)
    schema["propertyNames"] = json{{"maxLength", 1}};
  if (draw(random, 5) == 0)
    schema["minProperties"] = draw(random, 3);
  if (draw(random, 5) == 0)
    schema["maxProperties"] = draw(random, 3);
  if (draw(random, 6) == 0)
    schema["dependencies"][pick(random, names)] = json::array({pick(random, names)});
  if (draw(random, 6) == 0)
    schema["dependencies"][pick(random, names)] = random_schema(random, depth - 1);
}

void add_combinator(json& schema, std::mt19937& random, int depth) {
  static const std::vector<std::string> lists{"anyOf", "oneOf", "allOf"};
  switch (draw(random, 4)) {
  case 0:
    schema["not"] = random_schema(random, depth - 1);
    break;
  case 1:
    schema["if"] = random_schema(random, depth - 1);
    schema["then"] = random_schema(random, depth - 1);
    schema["else"] = random_schema(random, depth - 1);
    break;
  default:
    schema[pick(random, lists)] =
        json::array({random_schema(random, depth - 1), random_schema(random, depth - 1)});
  }
}

/// What brings a text nearer to its end: a quote, a bracket, or the letters that the patterns ask for.
token_id nearer_to_the_end(const std::vector<token_id>& open, const token_index& tokens,
                           std::mt19937& random) {
  std::vector<token_id> ending;
  for (const auto id : open)
    if (tokens.bytes(id).find_first_of("\"}]ab") != std::string_view::npos)
      ending.push_back(id);
  const auto quote = std::find(open.begin(), open.end(), token_id{'"'});
  if (quote != open.end() && draw(random, 2) == 0)
    return *quote;
  return pick(random, ending.empty() ? open : ending);
}

} // namespace

json random_schema(std::mt19937& random, int depth) {
  static const std::vector<json> types{"string", "integer", "number", "boolean",
                                       "null",   "array",   "object", json::array({"string", "object"})};
  if (depth <= 0)
    return pick(random, std::vector<json>{true,
                                          json::object(),
                                          {{"type", "integer"}},
                                          {{"type", "string"}},
                                          {{"const", 1}},
                                          {{"enum", {"a", 2, nullptr}}},
                                          false});
  auto schema = json::object();
  if (draw(random, 3) != 0)
    schema["type"] = pick(random, types);
  switch (draw(random, 6)) {
  case 0:
    add_number_keywords(schema, random);
    break;
  case 1:
    add_string_keywords(schema, random);
    break;
  case 2:
    add_array_keywords(schema, random, depth);
    break;
  case 3:
    schema["enum"] = json::array({random_value(random, 1), random_value(random, 1), random_value(random, 0)});
    break;
  default:
    add_object_keywords(schema, random, depth);
  }
  if (draw(random, 3) == 0)
    add_combinator(schema, random, depth);
  return schema;
}

json random_value(std::mt19937& random, int depth) {
  static const std::vector<json> scalars{nullptr, true, false, 0,   1,   2,    -1,   3,  1.5,
                                         0.5,     2.0,  "",    "a", "b", "ab", "ac", "é"};
  const auto kind = depth <= 0 ? 0 : draw(random, 4);
  if (kind <= 1)
    return pick(random, scalars);
  auto made = kind == 2 ? json::array() : json::object();
  for (int i = draw(random, 4); i > 0; --i) {
    auto one = random_value(random, depth - 1);
    if (kind == 2)
      made.push_back(std::move(one));
    else
      made[pick(random, names)] = std::move(one);
  }
  return made;
}

std::string written(const std::shared_ptr<grammar>& by, const token_index& tokens, std::mt19937& random) {
  constexpr std::size_t patience = 100;
  constexpr std::size_t steps_max = 5'000;
  const auto text = grammar::begin(by);
  std::string all;
  for (std::size_t steps = 0; !(text->is_complete() && (steps > patience || draw(random, 4) == 0)); ++steps) {
    const auto bits = allowed(*text, tokens.size());
    std::vector<token_id> open;
    for (token_id id = 0; static_cast<std::size_t>(id) < tokens.size(); ++id)
      if (has(bits, id) && id != tokens.eos())
        open.push_back(id);
    if (open.empty() || steps > steps_max)
      return text->is_complete() ? all : "stuck behind " + all;
    const bool hurry = steps > patience || draw(random, 3) == 0;
    const auto id = hurry ? nearer_to_the_end(open, tokens, random) : pick(random, open);
    if (!text->accept(id))
      return "refused what it allowed behind " + all;
    all += tokens.bytes(id);
  }
  return all;
}

} // namespace troupe::kernels::grammar::testing
