#include "tests/unit/workflows/builtin/values.hpp"
#include "workflows/plan/schema.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <set>

namespace troupe::workflow {

std::ostream& operator<<(std::ostream& out, const builtin_action& a) {
  return out << a.agent << '.' << a.action;
}

namespace {

std::vector<builtin_action> rows() {
  const auto all = builtin_actions();
  return {all.begin(), all.end()};
}

BOOST_AUTO_TEST_SUITE(builtin_table)

BOOST_DATA_TEST_CASE(the_schemas_of_every_action_compile, boost::unit_test::data::make(rows())) {
  BOOST_TEST(schema::compile(std::string(sample.input)).has_value());
  BOOST_TEST(schema::compile(std::string(sample.output)).has_value());
}

BOOST_DATA_TEST_CASE(an_action_is_found_under_its_name, boost::unit_test::data::make(rows())) {
  const auto* found = find_builtin(sample.agent, sample.action);
  BOOST_REQUIRE(found != nullptr);
  BOOST_TEST((found->agent == sample.agent && found->action == sample.action));
}

BOOST_AUTO_TEST_CASE(the_agents_of_the_language_are_there) {
  std::set<std::string_view> agents;
  for (const auto& row : builtin_actions())
    agents.insert(row.agent);
  BOOST_TEST((agents ==
              std::set<std::string_view>{"decision", "exec", "http", "log", "mail", "model", "transform"}));
}

BOOST_AUTO_TEST_CASE(others_are_not_built_in) {
  BOOST_TEST(!is_builtin_agent("sales.scribe"));
  BOOST_TEST(is_builtin_agent("mail"));
  BOOST_TEST(find_builtin("mail", "burn") == nullptr);
  BOOST_TEST(find_builtin("apply", "transform") == nullptr);
}

BOOST_AUTO_TEST_CASE(what_touches_the_outside_is_not_computed) {
  BOOST_TEST((find_builtin("http", "get")->compute == nullptr));
  BOOST_TEST((find_builtin("transform", "apply")->compute != nullptr));
}

BOOST_AUTO_TEST_CASE(apply_gives_its_value_back) {
  BOOST_TEST(said(computed("transform", "apply", R"({"value": {"a": [1, 2.5, null, "ü"]}})")) ==
             nlohmann::json::parse(R"({"a": [1, 2.5, null, "ü"]})"));
}

BOOST_AUTO_TEST_CASE(apply_without_a_value_is_invalid) {
  BOOST_TEST(said(computed("transform", "apply", "{}")) == "invalid: transform.apply takes {value}");
}

BOOST_AUTO_TEST_CASE(a_result_beyond_the_limit_is_refused) {
  const auto big = "{\"value\": \"" + std::string(2'000'000, 'x') + "\"}";
  BOOST_TEST(computed("transform", "apply", big).kind == "invalid");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe::workflow
