#include "tests/unit/cli/cli_fixture.hpp"

using namespace troupe;
using nlohmann::json;
using test::cli_fixture;

namespace {

std::vector<json> lines_of(const std::string& text) {
  std::vector<json> lines;
  std::istringstream from(text);
  for (std::string line; std::getline(from, line);)
    lines.push_back(json::parse(line));
  return lines;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(expr_command, cli_fixture)

BOOST_AUTO_TEST_CASE(an_expression_is_evaluated) {
  BOOST_TEST(troupe({"expr", "1 + 2 * 3"}) == 0);
  BOOST_TEST(out.str() == "7\n");
}

BOOST_AUTO_TEST_CASE(variables_come_as_json) {
  BOOST_TEST(troupe({"expr", "steps.a.score >= 80 ? 'hot' : 'cold'", "--vars",
                     R"({"steps": {"a": {"score": 88}}})"}) == 0);
  BOOST_TEST(out.str() == "\"hot\"\n");
}

BOOST_AUTO_TEST_CASE(variables_come_from_a_file) {
  write("vars.json", R"({"x": 21})");
  BOOST_TEST(troupe({"expr", "x * 2", "--vars", "@vars.json"}) == 0);
  BOOST_TEST(out.str() == "42\n");
}

BOOST_AUTO_TEST_CASE(json_says_the_type_too) {
  BOOST_TEST(troupe({"expr", "duration('90s')", "-o", "json"}) == 0);
  BOOST_TEST(document() == json({{"value", "90s"}, {"type", "duration"}}));
}

BOOST_AUTO_TEST_CASE(an_expression_that_starts_with_a_minus_stands_behind_two) {
  BOOST_TEST(troupe({"expr", "--", "-1 - 2"}) == 0);
  BOOST_TEST(out.str() == "-3\n");
}

BOOST_AUTO_TEST_CASE(a_mistake_is_shown_under_the_expression) {
  BOOST_TEST(troupe({"expr", "step.a + 1", "--vars", R"({"step": {"total": 1}})"}) == 1);
  BOOST_TEST(out.str().empty());
  BOOST_TEST(err.str().find("expression:1:6: error: \"step\" has no \"a\" [no_key]") != std::string::npos);
  BOOST_TEST(err.str().find("hint: it has total") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_mistake_as_json_has_code_message_and_place) {
  BOOST_TEST(troupe({"expr", "1 + 'a'", "-o", "json"}) == 1);
  BOOST_TEST(
      document() ==
      json({{"error", {{"code", "no_overload"}, {"message", "+ does not take int and string"}, {"at", 2}}}}));
}

BOOST_AUTO_TEST_CASE(types_are_checked_before_anything_runs) {
  BOOST_TEST(troupe({"expr", "false && 1 == 'a'", "-o", "json"}) == 1);
  BOOST_TEST(document()["error"]["message"] == "int and string are never equal");
}

BOOST_AUTO_TEST_CASE(an_absent_variable_may_be_replaced) {
  BOOST_TEST(troupe({"expr", "nobody.there ?? 'x'"}) == 0);
  BOOST_TEST(out.str() == "\"x\"\n");
}

BOOST_AUTO_TEST_CASE(zones_are_those_of_the_system) {
  BOOST_TEST(troupe({"expr", "timestamp('2026-07-01T12:00:00Z').getHours('Europe/Paris')"}) == 0);
  BOOST_TEST(out.str() == "14\n");
}

BOOST_AUTO_TEST_CASE(variables_that_are_no_object_are_refused) {
  for (const auto* given : {"[1]", "{", "1", ""})
    BOOST_TEST(troupe({"expr", "1", "--vars", given}) == 2, given);
}

BOOST_AUTO_TEST_CASE(a_missing_expression_is_refused) { BOOST_TEST(troupe({"expr"}) == 2); }

BOOST_AUTO_TEST_CASE(a_value_that_json_cannot_hold_is_an_error) {
  BOOST_TEST(troupe({"expr", "{1: 2, '1': 3}"}) == 2);
  BOOST_TEST(troupe({"expr", "{1: 2, '1': 3}", "-o", "json"}) == 1);
}

BOOST_AUTO_TEST_CASE(each_line_gets_its_answer) {
  in.str(R"({"expr": "x + 1", "vars": {"x": 1}, "needs": []}
{"expr": "1.0 / 0.0"}
{"expr": "1 +", "vars": {}}
not json
{"vars": {}}
{"expr": "1", "vars": []}

{"expr": "b'a'"}
)");
  BOOST_TEST(troupe({"expr", "--jsonl"}) == 0);
  const auto lines = lines_of(out.str());
  BOOST_REQUIRE(lines.size() == 8u);
  BOOST_TEST(lines[0] == json({{"value", 2}, {"type", "int"}}));
  BOOST_TEST(lines[1] == json({{"value", "inf"}, {"type", "double"}}));
  BOOST_TEST(lines[2]["error"]["code"] == "syntax");
  BOOST_TEST(lines[2]["error"]["at"] == 3);
  BOOST_TEST(lines[3]["error"]["code"] == "input");
  BOOST_TEST(lines[4]["error"]["code"] == "input");
  BOOST_TEST(lines[5]["error"]["code"] == "input");
  BOOST_TEST(lines[6]["error"]["code"] == "input");
  BOOST_TEST(lines[7] == json({{"value", "YQ=="}, {"type", "bytes"}}));
}

BOOST_AUTO_TEST_SUITE_END()
