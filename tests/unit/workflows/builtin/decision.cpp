#include "workflows/builtin/decision.hpp"

#include "tests/unit/workflows/builtin/values.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

namespace troupe::workflow {
namespace {

using nlohmann::json;

constexpr auto lead_rules = R"("rules": [
  {"when": "facts.employees > 200", "add": 40, "reason": "large company"},
  {"when": "${{ facts.seats > 50 }}", "add": 30, "reason": "many seats"},
  {"when": "facts.country == 'XX'", "add": -20, "reason": "embargo on ${{ facts.country }}"}])";

json scored(const std::string& facts) {
  return said(computed("decision", "evaluate",
                       "{\"table\": {" + std::string(lead_rules) + "}, \"facts\": " + facts + "}"));
}

json judged(const std::string& table, const std::string& facts = "{}") {
  return said(computed("decision", "evaluate", "{\"table\": " + table + ", \"facts\": " + facts + "}"));
}

BOOST_AUTO_TEST_SUITE(decision_table_of_rules)

BOOST_AUTO_TEST_CASE(points_of_the_rules_that_hold_are_added_and_each_is_a_reason) {
  BOOST_TEST(scored(R"({"employees": 500, "seats": 80, "country": "FR"})") ==
             json::parse(R"({"score": 70, "reasons": ["large company", "many seats"], "confidence": 1.0})"));
}

BOOST_AUTO_TEST_CASE(no_rule_that_holds_is_a_clear_zero) {
  BOOST_TEST(scored(R"({"employees": 5, "seats": 8, "country": "FR"})") ==
             json::parse(R"({"score": 0, "reasons": [], "confidence": 1.0})"));
}

BOOST_AUTO_TEST_CASE(a_rule_whose_fact_is_absent_does_not_fire_and_lowers_the_confidence) {
  BOOST_TEST(
      scored(R"({"employees": 500, "country": "FR"})") ==
      json::parse(R"({"score": 40, "reasons": ["large company"], "confidence": 0.667})")); // 60 of 90 points
}

BOOST_AUTO_TEST_CASE(rules_that_pull_against_each_other_lower_the_confidence) {
  BOOST_TEST(
      scored(R"({"employees": 500, "seats": 1, "country": "XX"})") ==
      json::parse(R"({"score": 20, "reasons": ["large company", "embargo on XX"], "confidence": 0.333})"));
}

BOOST_AUTO_TEST_CASE(facts_that_say_nothing_leave_no_confidence) {
  BOOST_TEST(scored("{}") == json::parse(R"({"score": 0, "reasons": [], "confidence": 0.0})"));
}

BOOST_AUTO_TEST_CASE(points_may_have_fractions) {
  BOOST_TEST(judged(R"({"rules": [{"add": 0.25}, {"add": 1}]})")["score"] == 1.25);
}

BOOST_AUTO_TEST_CASE(a_rule_without_a_condition_always_fires_and_has_a_reason) {
  BOOST_TEST(judged(R"({"rules": [{"add": 5}]})") ==
             json::parse(R"({"score": 5, "reasons": ["rule 1"], "confidence": 1.0})"));
}

BOOST_AUTO_TEST_CASE(facts_are_also_called_input_as_in_agent_files) {
  BOOST_TEST(judged(R"({"rules": [{"when": "input.n == facts.n", "add": 5}]})", R"({"n": 1})")["score"] == 5);
}

BOOST_AUTO_TEST_CASE(a_condition_may_have_been_worked_out_before) {
  BOOST_TEST(judged(R"({"rules": [{"when": true, "add": 5}, {"when": false, "add": 7}]})")["score"] == 5);
}

BOOST_AUTO_TEST_CASE(the_first_rule_that_holds_decides) {
  const std::string table = R"({"mode": "first", "rules": [
    {"when": "facts.n > 10", "choose": {"plan": "big"}, "reason": "n is ${{ facts.n }}"},
    {"when": "facts.n > 5", "choose": "middle", "reason": "more than five"},
    {"choose": "small", "reason": "nothing else fits"}]})";
  BOOST_TEST(judged(table, R"({"n": 7})") ==
             json::parse(R"({"choice": "middle", "reasons": ["more than five"], "confidence": 1.0})"));
  BOOST_TEST(judged(table, R"({"n": 11})") ==
             json::parse(R"({"choice": {"plan": "big"}, "reasons": ["n is 11"], "confidence": 1.0})"));
  BOOST_TEST(judged(table, R"({"n": 1})")["choice"] == "small");
}

BOOST_AUTO_TEST_CASE(rules_before_the_choice_that_could_not_be_judged_lower_its_confidence) {
  const std::string table =
      R"({"mode": "first", "rules": [{"when": "facts.absent > 10", "choose": 1}, {"choose": 2}]})";
  BOOST_TEST(judged(table) == json::parse(R"({"choice": 2, "reasons": ["rule 2"], "confidence": 0.5})"));
}

BOOST_AUTO_TEST_CASE(no_choice_is_null_without_confidence) {
  BOOST_TEST(judged(R"({"mode": "first", "rules": [{"when": "false", "choose": 1}]})") ==
             json::parse(R"({"choice": null, "reasons": [], "confidence": 0.0})"));
}

BOOST_AUTO_TEST_CASE(a_table_of_an_agent_file_is_judged_the_same) {
  const auto table = read_decision_table(
      with(R"({"rules": [{"when": "input.a", "add": 1}, {"when": "input.b", "add": 2}]})"));
  BOOST_REQUIRE(table.has_value());
  struct names final : expression::scope {
    expression::value input = with(R"({"a": false, "b": true})");
    result<const expression::value*> find(std::string_view root) const override {
      return root == "input" ? &input : nullptr;
    }
  };
  const auto verdict = judge(*table, names());
  BOOST_REQUIRE(verdict.has_value());
  BOOST_TEST(verdict->find("score")->as_int() == 2);
}

struct mistake {
  const char* table;
  const char* told;
};
std::ostream& operator<<(std::ostream& out, const mistake& m) { return out << m.table; }

const mistake mistakes[] = {
    {"7", "invalid: a table is a map with rules, not int"},
    {"{}", "invalid: a table has a list of rules, at least one"},
    {R"({"rules": []})", "invalid: a table has a list of rules, at least one"},
    {R"({"mode": "best", "rules": [{"add": 1}]})", "invalid: a table's mode is sum or first"},
    {R"({"rules": [{"add": 1}, 7]})", "invalid: rule 2: a rule is a map, not int"},
    {R"({"rules": [{"choose": 1}]})", "invalid: rule 1: in mode sum a rule has \"add\""},
    {R"({"rules": [{"add": 1, "choose": 1}]})", "invalid: rule 1: in mode sum a rule has \"add\""},
    {R"({"mode": "first", "rules": [{"add": 1}]})", "invalid: rule 1: in mode first a rule has \"choose\""},
    {R"({"rules": [{"add": 1, "wen": "true"}]})",
     "invalid: rule 1: a rule has when, add or choose, and reason, nothing else"},
    {R"({"rules": [{"add": "1"}]})", "invalid: rule 1: add is a number, not string"},
    {R"({"rules": [{"when": 7, "add": 1}]})",
     "invalid: rule 1: when is an expression as text, or true or false, not int"},
    {R"({"rules": [{"when": "7", "add": 1}]})", "invalid: rule 1: when is true or false, not int"},
    {R"({"rules": [{"add": 1, "reason": 7}]})", "invalid: rule 1: its reason is text, not int"},
};

BOOST_DATA_TEST_CASE(a_mistake_is_told_with_its_rule, boost::unit_test::data::make(mistakes)) {
  BOOST_TEST(judged(sample.table) == sample.told);
}

BOOST_AUTO_TEST_CASE(a_misspelled_variable_is_a_mistake_and_not_an_absent_fact) {
  const auto told = judged(R"({"rules": [{"when": "fact.n > 1", "add": 1}]})").get<std::string>();
  BOOST_TEST(told.starts_with("invalid: rule 1: "));
  BOOST_TEST(told.find("fact") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_expression_that_cannot_be_read_is_told_with_its_rule) {
  BOOST_TEST(judged(R"({"rules": [{"when": "facts.n >", "add": 1}]})")
                 .get<std::string>()
                 .starts_with("invalid: rule 1: "));
}

BOOST_AUTO_TEST_CASE(more_rules_than_the_limit_are_refused) {
  std::string rules = R"({"add": 1})";
  for (int i = 0; i < 10'000; ++i)
    rules += R"(,{"add": 1})";
  BOOST_TEST(judged("{\"rules\": [" + rules + "]}") == "invalid: a table has at most 10000 rules");
}

BOOST_AUTO_TEST_CASE(both_table_and_facts_are_needed) {
  BOOST_TEST(said(computed("decision", "evaluate", R"({"facts": {}})")) ==
             "invalid: decision.evaluate takes {table, facts}");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe::workflow
