#include "tests/unit/kernels/grammar/grammar_texts.hpp"

namespace {

using namespace troupe::kernels::grammar;
using namespace troupe::kernels::grammar::testing;

/// The texts of the list that fit, joined with spaces.
std::string fitting(std::string_view schema, std::initializer_list<std::string_view> texts) {
  const auto made = compiled(schema);
  std::string all;
  for (const auto text : texts)
    if (walks(made, text))
      all += (all.empty() ? "" : " ") + std::string(text);
  return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(grammar_keywords)

BOOST_AUTO_TEST_CASE(without_keywords_any_json_fits) {
  BOOST_TEST(fits(
      "{}", R"( { "a" : [ 1 , -2.5e+3 , "\u00e9\ud83d\ude00\n" , { } , [ ] , null , true , false ] } )"));
  BOOST_TEST(fits("true", "3"));
  BOOST_TEST(!fits("{}", "{} x"));
  BOOST_TEST(!fits("{}", R"("\ud83d")"));
  BOOST_TEST(!fits("{}", "\"\x01\""));
  BOOST_TEST(!fits("{}", "\"\xff\""));
  BOOST_TEST(!fits("{}", "01"));
}

BOOST_AUTO_TEST_CASE(types_are_told_apart) {
  BOOST_TEST(fitting(R"({"type": "integer"})", {"1", "1.0", "1.5", "1e3", "-0", "\"1\""}) == "1 1.0 1e3 -0");
  BOOST_TEST(fitting(R"({"type": ["null", "string"]})", {"null", "\"\"", "0", "true"}) == "null \"\"");
}

BOOST_AUTO_TEST_CASE(keywords_of_one_type_leave_the_others_alone) {
  BOOST_TEST(fitting(R"({"properties": {"a": {"type": "null"}}, "minLength": 2, "minimum": 3})",
                     {"3", "2", "\"ab\"", "\"a\"", "[1]", R"({"a":null})", R"({"a":1})"}) ==
             R"(3 "ab" [1] {"a":null})");
}

BOOST_AUTO_TEST_CASE(bounds_of_numbers_are_exact) {
  BOOST_TEST(fitting(R"({"minimum": 0.1, "exclusiveMaximum": 20})",
                     {"0.1", "0.09", "0.10", "19.999", "20", "2e1", "1.99e1", "1e-1", "9e-2", "200e-2"}) ==
             "0.1 0.10 19.999 1.99e1 1e-1");
  BOOST_TEST(fitting(R"({"type": "integer", "minimum": -12, "maximum": 105})",
                     {"-13", "-12", "0", "99", "105", "106", "1050", "105.0"}) == "-12 0 99 105 105.0");
  BOOST_TEST(fitting(R"({"minimum": 5, "exclusiveMinimum": true})", {"5", "5.0001", "6"}) == "5.0001 6");
  BOOST_TEST(fitting(R"({"multipleOf": 0.05})", {"0.1", "0.12", "3", "-0.15"}) == "0.1 3 -0.15");
  BOOST_TEST(fitting(R"({"multipleOf": 4, "minimum": 9, "maximum": 15})", {"8", "12", "16", "1", "14"}) ==
             "12");
  BOOST_TEST(fitting(R"({"not": {"multipleOf": 3}, "type": "integer"})", {"3", "4", "6", "7.0"}) == "4 7.0");
}

BOOST_AUTO_TEST_CASE(a_number_without_a_way_to_end_is_not_begun) {
  const auto text = grammar::begin(compiled(R"({"type": "integer", "minimum": 20, "maximum": 29})"));
  const auto bits = allowed(*text, 257);
  BOOST_TEST(has(bits, '2'));
  BOOST_TEST(!has(bits, '3'));
  BOOST_TEST(!has(bits, '-'));
}

BOOST_AUTO_TEST_CASE(strings_are_measured_in_characters_and_however_they_are_spelled) {
  BOOST_TEST(fitting(R"({"type": "string", "minLength": 1, "maxLength": 2})",
                     {R"("")", R"("é")", R"("😀😀")", R"("\ud83d\ude00\n")", R"("abc")"}) ==
             R"("é" "😀😀" "\ud83d\ude00\n")");
  BOOST_TEST(fitting(R"({"const": "a\"é"})", {R"("a\"é")", R"("\u0061\u0022\u00e9")", R"("a\"e")"}) ==
             R"("a\"é" "\u0061\u0022\u00e9")");
}

BOOST_AUTO_TEST_CASE(patterns_are_found_anywhere_unless_they_are_anchored) {
  BOOST_TEST(fitting(R"({"type": "string", "pattern": "b+"})", {R"("abc")", R"("ac")"}) == R"("abc")");
  BOOST_TEST(fitting(R"({"type": "string", "pattern": "^(a|b)$|^c"})", {R"("a")", R"("ab")", R"("cd")"}) ==
             R"("a" "cd")");
  BOOST_TEST(fitting(R"({"type": "string", "pattern": "^(?!no)\\w{2,3}$"})",
                     {R"("now")", R"("yes")", R"("y")"}) == R"("yes")");
  BOOST_TEST(fitting(R"({"type": "string", "pattern": "^\\p{Lu}\\d$"})", {R"("É1")", R"("é1")"}) ==
             R"("É1")");
}

BOOST_AUTO_TEST_CASE(formats_that_are_known_are_enforced) {
  BOOST_TEST(fitting(R"({"type": "string", "format": "date"})",
                     {R"("2024-02-29")", R"("2023-02-29")", R"("2000-02-29")", R"("1900-02-29")",
                      R"("2024-04-31")"}) == R"("2024-02-29" "2000-02-29")");
  BOOST_TEST(fits(R"({"format": "date-time"})", R"("2024-02-29T23:59:60.5+01:00")"));
  BOOST_TEST(fitting(R"({"type": "string", "format": "ipv6"})",
                     {R"("::1")", R"("1::2::3")", R"("::ffff:1.2.3.4")"}) == R"("::1" "::ffff:1.2.3.4")");
  BOOST_TEST(fitting(R"({"type": "string", "format": "uri"})",
                     {R"("http://a.b/c?d#e")", R"("a b")", R"("/c")"}) == R"("http://a.b/c?d#e")");
  BOOST_TEST(fitting(R"({"type": "string", "format": "email"})", {R"("a.b@c.de")", R"("a.b")"}) ==
             R"("a.b@c.de")");
  BOOST_TEST(fits(R"({"format": "colour of the day"})", R"("mauve")"));
}

BOOST_AUTO_TEST_CASE(members_come_in_any_order_and_once) {
  const auto schema = R"({"properties": {"a": {"type": "integer"}, "b": {}}, "required": ["a", "c"]})";
  BOOST_TEST(fits(schema, R"({"c":1,"b":2,"a":3})"));
  BOOST_TEST(fits(schema, R"({"\u0061":1,"c":{},"x":[]})"));
  BOOST_TEST(!fits(schema, R"({"a":1,"c":1,"a":2})"));
  BOOST_TEST(!fits(schema, R"({"a":1,"x":1,"\u0078":2,"c":1})"));
  BOOST_TEST(!fits(schema, R"({"a":"1","c":1})"));
  BOOST_TEST(!fits(schema, R"({"a":1})"));
}

BOOST_AUTO_TEST_CASE(other_members_follow_patterns_or_the_rest) {
  const auto schema = R"({"type": "object", "properties": {"ab": {"type": "string"}},
    "patternProperties": {"^a": {"minLength": 2}, "z$": {"type": "null"}}, "additionalProperties": {"type": "integer"}})";
  BOOST_TEST(fitting(schema, {R"({"ab":"xy"})", R"({"ab":"x"})", R"({"az":null})", R"({"az":1})",
                              R"({"q":1})", R"({"q":null})"}) == R"({"ab":"xy"} {"az":null} {"q":1})");
}

BOOST_AUTO_TEST_CASE(members_are_counted) {
  BOOST_TEST(fitting(R"({"type": "object", "required": ["a"], "minProperties": 2, "maxProperties": 2})",
                     {R"({"a":1})", R"({"a":1,"b":1})", R"({"b":1,"c":1})", R"({"a":1,"b":1,"c":1})"}) ==
             R"({"a":1,"b":1})");
  BOOST_TEST(fitting(R"({"type": "object", "maxProperties": 2, "dependencies": {"a": ["b"], "b": ["c"]}})",
                     {R"({"c":1,"d":1})", R"({"b":1,"c":1})", R"({"a":1,"b":1})", R"({"b":1})"}) ==
             R"({"c":1,"d":1} {"b":1,"c":1})");
}

BOOST_AUTO_TEST_CASE(names_and_dependencies_are_enforced) {
  BOOST_TEST(fitting(R"({"type": "object", "propertyNames": {"pattern": "^[a-z]$"}})",
                     {R"({"a":1})", R"({"A":1})"}) == R"({"a":1})");
  BOOST_TEST(
      fitting(
          R"({"type": "object", "dependentRequired": {"a": ["b"]}, "dependentSchemas": {"c": {"required": ["d"]}}})",
          {R"({"a":1})", R"({"b":1,"a":1})", R"({"c":1})", R"({"c":1,"d":1})"}) ==
      R"({"b":1,"a":1} {"c":1,"d":1})");
}

BOOST_AUTO_TEST_CASE(items_are_placed_and_counted) {
  BOOST_TEST(
      fitting(
          R"({"type": "array", "prefixItems": [{"type": "integer"}], "items": {"type": "string"}, "minItems": 1, "maxItems": 2})",
          {"[]", "[1]", R"([1,"a"])", R"(["a"])", R"([1,"a","b"])"}) == R"([1] [1,"a"])");
  BOOST_TEST(fitting(R"({"type": "array", "items": [{}], "additionalItems": false})",
                     {"[]", "[1]", "[1,2]"}) == "[] [1]");
  BOOST_TEST(fitting(R"({"type": "array", "contains": {"const": 1}, "minContains": 2, "maxContains": 2})",
                     {"[1]", "[1,0,1]", "[1,1,1]", "[1,2,1.0]"}) == "[1,0,1] [1,2,1.0]");
  BOOST_TEST(fitting(R"({"type": "array", "items": {"enum": ["a", "b"]}, "uniqueItems": true})",
                     {R"(["a","b"])", R"(["a","\u0061"])", R"(["b"])"}) == R"(["a","b"] ["b"])");
}

BOOST_AUTO_TEST_CASE(schemas_are_combined_exactly) {
  BOOST_TEST(fitting(R"({"oneOf": [{"type": "integer"}, {"minimum": 2}]})", {"1", "3", "2.5", "\"a\""}) ==
             R"(1 2.5 "a")");
  BOOST_TEST(fitting(R"({"type": "object", "oneOf": [{"required": ["a"]}, {"required": ["b"]}]})",
                     {R"({"a":1})", R"({"b":1})", R"({"a":1,"b":1})", "{}"}) == R"({"a":1} {"b":1})");
  BOOST_TEST(
      fitting(
          R"({"allOf": [{"type": "integer"}, {"anyOf": [{"minimum": 5}, {"maximum": 1}]}], "not": {"const": 7}})",
          {"0", "3", "6", "7"}) == "0 6");
  BOOST_TEST(
      fitting(
          R"({"type": "object", "if": {"properties": {"k": {"const": 1}}, "required": ["k"]}, "then": {"required": ["x"]}, "else": {"maxProperties": 1}})",
          {R"({"k":1})", R"({"k":1,"x":2})", R"({"k":2})", R"({"k":2,"x":1})"}) ==
      R"({"k":1,"x":2} {"k":2})");
}

BOOST_AUTO_TEST_CASE(what_an_object_must_not_be_is_known_before_it_ends) {
  BOOST_TEST(fitting(R"({"type": "object", "not": {"additionalProperties": {"type": "integer"}}})",
                     {"{}", R"({"a":1})", R"({"a":1,"b":"x"})"}) == R"({"a":1,"b":"x"})");
}

BOOST_AUTO_TEST_CASE(references_lead_anywhere_in_the_document) {
  const auto tree =
      R"({"$defs": {"t": {"$anchor": "tree", "type": "object", "properties": {"kids": {"items": {"$ref": "#tree"}, "type": "array"}}, "additionalProperties": false}}, "$ref": "#/$defs/t"})";
  BOOST_TEST(fits(tree, R"({"kids":[{"kids":[{}]},{}]})"));
  BOOST_TEST(!fits(tree, R"({"kids":[{"kid":[]}]})"));
  BOOST_TEST(
      fits(R"({"definitions": {"a/b": {"$id": "http://x.y/z", "type": "null"}}, "$ref": "http://x.y/z"})",
           "null"));
  BOOST_TEST(!fits(R"({"definitions": {"a/b": {"type": "null"}}, "$ref": "#/definitions/a~1b"})", "1"));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_enforced_is_refused_by_name) {
  BOOST_TEST(refusal(R"({"$ref": "http://x.y/z"})").find("$ref") == 0);
  BOOST_TEST(refusal(R"({"properties": {"a": {"unevaluatedItems": false}}})")
                 .find("unevaluatedItems at #/properties/a") == 0);
  BOOST_TEST(refusal(R"({"pattern": "(a)\\1"})").find("pattern at #") == 0);
  BOOST_TEST(refusal(R"({"uniqueItems": true})").find("uniqueItems") == 0);
  BOOST_TEST(
      refusal(R"({"$defs": {"a": {"allOf": [{"$ref": "#/$defs/a"}]}}, "$ref": "#/$defs/a"})").find("$ref") !=
      std::string::npos);
  BOOST_TEST(refusal(R"({"type": "object", "required": ["a"], "properties": {"a": false}})") ==
             "no value fits this schema");
  BOOST_TEST(refusal("{").find("no JSON") != std::string::npos);
  BOOST_TEST(refusal(std::string(300, '[')).find("deep") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_value_that_would_have_to_hold_itself_is_no_value) {
  BOOST_TEST(fitting(R"({"type": ["object", "null"], "required": ["a"], "properties": {"a": {"$ref": "#"}}})",
                     {"null", R"({"a":null})", R"({"a":{"a":null}})"}) ==
             R"(null {"a":null} {"a":{"a":null}})");
  BOOST_TEST(refusal(R"({"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#"}}})") ==
             "no value fits this schema");
}

BOOST_AUTO_TEST_SUITE_END()
