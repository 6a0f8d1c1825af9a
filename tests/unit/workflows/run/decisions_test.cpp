// `decide`: several agents weigh one question.
#include "tests/unit/workflows/run/run_rig.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace troupe;
using namespace troupe::workflow;

namespace {

struct council : run_rig {
  explicit council(const std::string& more = "")
      : run_rig("workflow: w\nsteps:\n  - id: d\n    decide: {agents: [a, b, c], question: Which, options: "
                "[x, y]" +
                more + "}\n") {}
  nlohmann::json decided() { return nlohmann::json::parse(output()); }
};

outcome votes(const char* choice, double confidence) {
  return outcome::success(
      nlohmann::json{{"choice", choice}, {"confidence", confidence}, {"reasons", {"r"}}}.dump());
}

} // namespace

BOOST_AUTO_TEST_SUITE(decisions)

BOOST_AUTO_TEST_CASE(the_choice_with_the_most_confidence_wins_and_dissent_is_kept) {
  council c;
  c.around.answer = [](const asked& a) { return a.agent == "c" ? votes("y", 0.9) : votes("x", 0.6); };
  const auto d = c.decided();
  BOOST_TEST(d.at("choice") == "x");
  BOOST_TEST(d.at("confidence").get<double>() == 1.2 / 2.1, boost::test_tools::tolerance(1e-9));
  BOOST_TEST(d.at("reasons").size() == 2u);
  BOOST_TEST(d.at("dissent").at(0).at("agent") == "c");
}

BOOST_AUTO_TEST_CASE(every_agent_is_asked_under_a_key_of_its_own) {
  council c;
  c.around.answer = [](const asked&) { return votes("x", 1); };
  c.decided();
  std::set<std::string> keys;
  for (const auto& a : c.around.calls())
    keys.insert(a.idempotency_key);
  BOOST_TEST(keys.size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_quorum_does_not_wait_for_the_rest) {
  council c(", quorum: 2");
  c.around.answer = [](const asked& a) -> std::optional<outcome> {
    return a.agent == "c" ? std::nullopt : std::optional(votes("x", 1));
  };
  BOOST_TEST(c.decided().at("choice") == "x");
}

BOOST_AUTO_TEST_CASE(too_few_answers_are_a_failure) {
  council c(", quorum: 2");
  c.around.answer = [](const asked& a) {
    return a.agent == "a" ? votes("x", 1) : outcome::failure("unavailable", "away");
  };
  BOOST_TEST(c.output().starts_with("working stuck at d: unavailable"));
}

BOOST_AUTO_TEST_SUITE_END()
