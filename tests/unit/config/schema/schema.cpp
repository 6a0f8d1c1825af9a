#include "config/schema/schema.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace troupe;
using namespace troupe::config;

namespace {

/// The sentence about the first violation; empty if the value fits.
std::string verdict(std::string_view shape, std::string_view value) {
  const auto compiled = schema::compile(shape);
  if (!compiled)
    return "refused: " + compiled.error().message;
  const auto broken = compiled->check(json::parse(value));
  return broken ? broken->sentence : "";
}

std::string refusal(std::string_view shape) {
  const auto compiled = schema::compile(shape);
  return compiled ? "" : compiled.error().message;
}

std::string nested(int depth) {
  const auto levels = static_cast<std::size_t>(depth);
  return std::string(levels, '[') + std::string(levels, ']');
}

} // namespace

BOOST_AUTO_TEST_SUITE(schema_checks)

BOOST_AUTO_TEST_CASE(a_wrong_type_is_named_with_its_place) {
  BOOST_TEST(verdict(R"({"properties": {"lead": {"properties": {"score": {"type": "integer"}}}}})",
                     R"({"lead": {"score": "high"}})") ==
             "/lead/score must be an integer, not the text \"high\"");
}

BOOST_AUTO_TEST_CASE(the_document_itself_is_called_so) {
  BOOST_TEST(verdict(R"({"type": ["object", "null"]})", "[1]") ==
             "the document must be an object or null, not a list");
}

BOOST_AUTO_TEST_CASE(pointers_escape_slashes_and_tildes) {
  BOOST_TEST(verdict(R"({"additionalProperties": {"type": "null"}})", R"({"a/b~c": 1})") ==
             "/a~1b~0c must be null, not 1");
}

BOOST_AUTO_TEST_CASE(a_whole_number_written_with_a_point_is_an_integer) {
  BOOST_TEST(verdict(R"({"type": "integer"})", "80.0") == "");
  BOOST_TEST(verdict(R"({"type": "integer"})", "80.5") == "the document must be an integer, not 80.5");
}

BOOST_AUTO_TEST_CASE(bounds_hold_beyond_what_a_double_tells_apart) {
  BOOST_TEST(verdict(R"({"minimum": 9007199254740993})", "9007199254740992") ==
             "the document must be at least 9007199254740993, not 9007199254740992");
  BOOST_TEST(verdict(R"({"maximum": 9223372036854775807})", "18446744073709551615") ==
             "the document must be at most 9223372036854775807, not 18446744073709551615");
}

BOOST_AUTO_TEST_CASE(exclusive_bounds_are_read_in_both_spellings) {
  BOOST_TEST(verdict(R"({"exclusiveMinimum": 3})", "3") == "the document must be above 3, not 3");
  BOOST_TEST(verdict(R"({"minimum": 3, "exclusiveMinimum": true})", "3") ==
             "the document must be above 3, not 3");
  BOOST_TEST(verdict(R"({"maximum": 3, "exclusiveMaximum": false})", "3") == "");
  BOOST_TEST(verdict(R"({"exclusiveMaximum": 3})", "3") == "the document must be below 3, not 3");
}

BOOST_AUTO_TEST_CASE(multiples_tolerate_what_binary_fractions_lose) {
  BOOST_TEST(verdict(R"({"multipleOf": 0.1})", "0.3") == "");
  BOOST_TEST(verdict(R"({"multipleOf": 4})", "10") == "the document must be a multiple of 4, not 10");
}

BOOST_AUTO_TEST_CASE(a_value_outside_the_enum_is_told_the_choices) {
  BOOST_TEST(verdict(R"({"enum": ["cold", "warm", 3]})", R"("hot")") ==
             "the document must be one of \"cold\", \"warm\", 3, not the text \"hot\"");
  BOOST_TEST(verdict(R"({"const": 1})", "1.0") == "");
}

BOOST_AUTO_TEST_CASE(lengths_count_characters_not_bytes) {
  BOOST_TEST(verdict(R"({"maxLength": 3})", R"("äöü")") == "");
  BOOST_TEST(verdict(R"({"minLength": 2, "maxLength": 3})", R"("x")") ==
             "the document must have between 2 and 3 characters, not 1");
}

BOOST_AUTO_TEST_CASE(a_pattern_may_match_anywhere_in_the_text) {
  BOOST_TEST(verdict(R"({"pattern": "b+\\u0041"})", R"("abbAc")") == "");
  BOOST_TEST(verdict(R"({"pattern": "^b"})", R"("abc")") ==
             "the document must match the pattern ^b, which the text \"abc\" does not");
}

BOOST_AUTO_TEST_CASE(known_formats_are_enforced_and_others_are_notes) {
  BOOST_TEST(verdict(R"({"format": "date"})", R"("2024-02-29")") == "");
  BOOST_TEST(verdict(R"({"format": "date"})", R"("2026-02-29")") != "");
  BOOST_TEST(verdict(R"({"format": "time"})", R"("18:38:00.5+01:00")") == "");
  BOOST_TEST(verdict(R"({"format": "date-time"})", R"("2026-11-20T18:38:00")") != "");
  BOOST_TEST(verdict(R"({"format": "email"})", R"("a@b.c")") == "");
  BOOST_TEST(verdict(R"({"format": "email"})", R"("a@@b.c")") != "");
  BOOST_TEST(verdict(R"({"format": "uuid"})", R"("123e4567-e89b-12d3-a456-42661417400")") != "");
  BOOST_TEST(verdict(R"({"format": "uri"})", R"("no scheme")") != "");
  BOOST_TEST(verdict(R"({"format": "made-up"})", R"("anything")") == "");
}

BOOST_AUTO_TEST_CASE(a_missing_property_is_named) {
  BOOST_TEST(verdict(R"({"properties": {"a": {"required": ["b"]}}})", R"({"a": {}})") ==
             "/a lacks the property \"b\"");
}

BOOST_AUTO_TEST_CASE(a_property_too_many_is_named) {
  BOOST_TEST(
      verdict(R"({"properties": {"a": {}}, "patternProperties": {"^x-": {}}, "additionalProperties": false})",
              R"({"a": 1, "x-b": 2, "c": 3})") ==
      "the document has the property \"c\", which is not allowed");
}

BOOST_AUTO_TEST_CASE(a_property_that_fits_a_pattern_and_a_name_obeys_both) {
  BOOST_TEST(
      verdict(R"({"properties": {"ab": {"type": "string"}}, "patternProperties": {"^a": {"minLength": 2}}})",
              R"({"ab": "x"})") == "/ab must have at least 2 characters, not 1");
}

BOOST_AUTO_TEST_CASE(property_names_have_rules_of_their_own) {
  BOOST_TEST(verdict(R"({"propertyNames": {"maxLength": 2}})", R"({"abc": 1})") ==
             "the document has the property \"abc\", whose name is not allowed");
}

BOOST_AUTO_TEST_CASE(one_property_may_ask_for_another) {
  BOOST_TEST(verdict(R"({"dependencies": {"card": ["address"]}})", R"({"card": 1})") ==
             "the document lacks the property \"address\", which \"card\" needs");
  BOOST_TEST(verdict(R"({"dependentSchemas": {"card": {"minProperties": 2}}})", R"({"card": 1})") ==
             "the document must have at least 2 properties, not 1");
}

BOOST_AUTO_TEST_CASE(lists_are_checked_by_position_and_then_by_the_rest) {
  const auto* shape = R"({"items": [{"type": "string"}], "additionalItems": {"type": "integer"}})";
  BOOST_TEST(verdict(shape, R"(["a", 1, 2])") == "");
  BOOST_TEST(verdict(shape, R"(["a", 1, "b"])") == "/2 must be an integer, not the text \"b\"");
  BOOST_TEST(verdict(R"({"prefixItems": [{}], "items": false})", "[1, 2]") == "/1 is not allowed");
}

BOOST_AUTO_TEST_CASE(twins_in_a_list_of_unique_items_are_found) {
  BOOST_TEST(verdict(R"({"uniqueItems": true})", R"([3, "a", {"x": 1}, 2, {"x": 1}])") ==
             "the document must not hold an object twice");
  BOOST_TEST(verdict(R"({"uniqueItems": true})", R"([1, 2, "1"])") == "");
}

BOOST_AUTO_TEST_CASE(contains_counts_what_fits) {
  BOOST_TEST(verdict(R"({"contains": {"type": "string"}})", "[1, 2]") != "");
  BOOST_TEST(verdict(R"({"contains": {"type": "string"}, "maxContains": 1})", R"(["a", "b"])") ==
             "the document must have exactly 1 items of the kind \"contains\" asks for, not 2");
}

BOOST_AUTO_TEST_CASE(of_alternatives_that_all_fail_the_closest_is_explained) {
  BOOST_TEST(
      verdict(R"({"anyOf": [{"type": "string"}, {"properties": {"a": {"type": "integer"}}}]})",
              R"({"a": "x"})") ==
      "the document fits none of 2 alternatives; the closest: /a must be an integer, not the text \"x\"");
}

BOOST_AUTO_TEST_CASE(exactly_one_alternative_may_fit) {
  BOOST_TEST(verdict(R"({"oneOf": [{"minimum": 1}, {"maximum": 5}]})", "3") ==
             "the document fits more than one of the alternatives of \"oneOf\"");
  BOOST_TEST(verdict(R"({"oneOf": [{"minimum": 4}, {"maximum": 2}]})", "1") == "");
}

BOOST_AUTO_TEST_CASE(what_not_describes_is_refused) {
  BOOST_TEST(verdict(R"({"not": {"type": "null"}})", "null") ==
             "the document must not be of the kind that \"not\" describes");
}

BOOST_AUTO_TEST_CASE(a_condition_chooses_between_then_and_else) {
  const auto* shape = R"({"if": {"minimum": 10}, "then": {"multipleOf": 10}, "else": {"maximum": 5}})";
  BOOST_TEST(verdict(shape, "20") == "");
  BOOST_TEST(verdict(shape, "25") == "the document must be a multiple of 10, not 25");
  BOOST_TEST(verdict(shape, "7") == "the document must be at most 5, not 7");
}

BOOST_AUTO_TEST_CASE(a_schema_may_refer_to_itself_below) {
  const auto* tree = R"({"type": "object", "properties": {"left": {"$ref": "#"}}, "required": ["id"]})";
  BOOST_TEST(verdict(tree, R"({"id": 1, "left": {"id": 2}})") == "");
  BOOST_TEST(verdict(tree, R"({"id": 1, "left": {"id": 2, "left": {}}})") ==
             "/left/left lacks the property \"id\"");
}

BOOST_AUTO_TEST_CASE(references_are_percent_decoded) {
  BOOST_TEST(verdict(R"({"$ref": "#/$defs/a%20b", "$defs": {"a b": {"type": "null"}}})", "1") ==
             "the document must be null, not 1");
}

BOOST_AUTO_TEST_CASE(constraints_beside_a_reference_count) {
  BOOST_TEST(verdict(R"({"$ref": "#/$defs/n", "maximum": 3, "$defs": {"n": {"type": "integer"}}})", "4") ==
             "the document must be at most 3, not 4");
}

BOOST_AUTO_TEST_CASE(references_out_of_the_document_are_refused) {
  BOOST_TEST(refusal(R"({"properties": {"a": {"$ref": "https://example.org/s.json#/x"}}})") ==
             "the schema at \"#/properties/a\" has the $ref \"https://example.org/s.json#/x\", which leaves "
             "the document");
  BOOST_TEST(refusal(R"({"$ref": "other.json"})") != "");
  BOOST_TEST(refusal(R"({"$ref": "#/$defs/gone"})") ==
             "the schema at \"#\" refers to \"#/$defs/gone\", which is not there");
}

BOOST_AUTO_TEST_CASE(references_that_never_describe_anything_are_refused) {
  BOOST_TEST(refusal(R"({"$ref": "#"})") ==
             "the schema at \"#\" refers to itself without describing anything");
  BOOST_TEST(
      refusal(R"({"allOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"anyOf": [{"not": {"$ref": "#"}}]}}})") !=
      "");
}

BOOST_AUTO_TEST_CASE(keywords_that_could_not_be_enforced_are_refused) {
  BOOST_TEST(refusal(R"({"unevaluatedProperties": false})") ==
             "the schema at \"#\" uses \"unevaluatedProperties\", which is not enforced here");
}

BOOST_AUTO_TEST_CASE(patterns_that_need_look_around_are_refused) {
  BOOST_TEST(refusal(R"j({"pattern": "^(?!x)"})j").find("cannot be used") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(malformed_keywords_are_refused_with_their_place) {
  BOOST_TEST(refusal(R"({"properties": {"a": {"type": "text"}}})") ==
             "the schema at \"#/properties/a\" names an unknown type \"text\"");
  BOOST_TEST(refusal(R"({"minLength": -1})") != "");
  BOOST_TEST(refusal(R"({"required": true})") != "");
  BOOST_TEST(refusal(R"({"enum": []})") != "");
  BOOST_TEST(refusal(R"({"items": 3})") == "the schema at \"#/items\" must be an object, true or false");
  BOOST_TEST(refusal("{").find("is not JSON") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_schema_that_is_too_large_or_too_deep_is_refused) {
  BOOST_TEST(refusal("{\"description\": \"" + std::string(300'000, 'x') + "\"}").find("are allowed") !=
             std::string::npos);
  BOOST_TEST(refusal(nested(200)).find("nests deeper") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_pattern_that_backtracks_elsewhere_takes_linear_time) {
  BOOST_TEST(verdict(R"j({"pattern": "^(a+)+$"})j", '"' + std::string(100'000, 'a') + "b\"") != "");
}

BOOST_AUTO_TEST_CASE(a_very_long_text_for_a_format_is_just_wrong) {
  BOOST_TEST(verdict(R"({"format": "date"})", '"' + std::string(1'000'000, '1') + '"') != "");
}

BOOST_AUTO_TEST_CASE(a_check_that_multiplies_without_end_is_given_up) {
  const auto* shape = R"({"anyOf": [{"items": {"$ref": "#"}, "contains": false}, {"items": {"$ref": "#"}}]})";
  BOOST_TEST(verdict(shape, nested(100)).find("reasonable time") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_long_chain_of_references_is_given_up_before_the_stack_is) {
  json shape{{"$ref", "#/$defs/0"}, {"$defs", json::object()}};
  for (int i = 0; i < 5'000; ++i)
    shape["$defs"][std::to_string(i)] = {{"$ref", "#/$defs/" + std::to_string(i + 1)}};
  shape["$defs"]["5000"] = true;
  BOOST_TEST(verdict(shape.dump(), "1").find("reasonable time") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(copies_share_what_was_compiled) {
  const auto first = schema::compile(R"({"type":  "null"})");
  const schema second = *first;
  BOOST_TEST(second.text() == R"({"type":"null"})");
  BOOST_TEST(second.check(json(1)).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
