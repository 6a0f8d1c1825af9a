// Agents made of files, and runs that call them, on a whole simulated node.
#include "runtime/base/object.hpp"
#include "tests/support/sim_node.hpp"
#include "tests/unit/workflows/run/run_rig.hpp"
#include "workflows/agents/file_kind.hpp"
#include "workflows/run/run_kind.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace troupe;
using namespace troupe::workflow;
using testing::sim_node;

namespace {

constexpr const char* scorer = R"(
agent: sales.scorer
version: 2
actions:
  score:
    input: { properties: { seats: {type: integer} }, required: [seats] }
    decision:
      mode: sum
      rules:
        - { when: "${{ input.seats > 50 }}", add: 40, reason: many seats }
        - { when: "${{ input.seats > 5 }}", add: 20, reason: some seats }
  enrich:
    input: { properties: { domain: {type: string} }, required: [domain] }
    steps:
      - { id: r, agent: http, action: get, with: { url: "http://crm/${{ input.domain }}" } }
      - return: { employees: "${{ steps.r.body.employees }}" }
  slow:
    steps:
      - wait: 1h
      - return: done
  broken:
    steps:
      - { id: r, agent: http, action: get, with: { url: "http://gone/" } }
  summarise:
    predict:
      instructions: Say it in one sentence.
      input: { text: {type: string} }
      output: { summary: {type: string} }
      model: fast
)";

struct node_fixture {
  node_fixture()
      : node(sim_node::options(), kinds()) {
    node.outside = [this](const journal::effect_put& e) {
      effects.push_back(e.verb + " " + e.target);
      bodies.push_back(e.body);
      if (e.body.find("gone") != e.body.npos)
        return outcome::failure("http.404", "not there");
      if (e.verb == "model.predict")
        return outcome::success(R"({"summary": "short"})", R"({"tokens": {"prompt": 7, "completion": 2}})");
      return outcome::success(R"({"status": 200, "headers": {}, "body": {"employees": 12}})");
    };
    node.boot();
  }

  kind_registry kinds() {
    catalog_->add_agent(scorer);
    kind_registry all;
    config::diagnostics found;
    const auto file = parse_agent(config::source("a.yaml", scorer), found);
    BOOST_REQUIRE(all.add(file_kind(*file, catalog_)));
    BOOST_REQUIRE(all.add(run_kind(catalog_)));
    return all;
  }

  /// The reply's body, or "KIND: MESSAGE".
  std::string ask(const std::string& action, const std::string& body) {
    const auto got = node.ask("sales.scorer/a", action, body);
    BOOST_REQUIRE(got && got->reply);
    return got->reply->ok ? got->reply->body : got->reply->kind + ": " + got->reply->message;
  }

  std::shared_ptr<text_catalog> catalog_ = std::make_shared<text_catalog>();
  std::vector<std::string> effects;
  std::vector<std::string> bodies;
  sim_node node;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(file_agents, node_fixture)

BOOST_AUTO_TEST_CASE(a_decision_table_answers_with_its_reasons) {
  const auto got = nlohmann::json::parse(ask("score", R"({"seats": 80})"));
  BOOST_TEST(got.at("score") == 60);
  BOOST_TEST(got.at("reasons").size() == 2u);
}

BOOST_AUTO_TEST_CASE(an_action_of_steps_answers_what_it_returns) {
  BOOST_TEST(ask("enrich", R"({"domain": "acme.com"})") == R"({"employees":12})");
  BOOST_TEST(effects.at(0) == "http.get http");
}

BOOST_AUTO_TEST_CASE(a_prediction_is_one_effect_on_its_segment) {
  BOOST_TEST(ask("summarise", R"({"text": "long"})") == R"({"summary":"short"})");
  BOOST_TEST(effects.at(0) == "model.predict fast");
  const auto body = nlohmann::json::parse(bodies.at(0));
  BOOST_TEST(body.at("input").at("text") == "long");
  BOOST_TEST(body.at("output_schema").at("properties").contains("summary"));
}

BOOST_AUTO_TEST_CASE(input_that_does_not_fit_is_refused) {
  BOOST_TEST(ask("score", "{}").starts_with("invalid: the input does not fit"));
}

BOOST_AUTO_TEST_CASE(an_action_it_does_not_have_is_refused_with_those_it_has) {
  BOOST_TEST(
      ask("sing", "{}").starts_with("invalid: sales.scorer has no action \"sing\"; it has broken, enrich"));
}

BOOST_AUTO_TEST_CASE(a_failure_goes_to_the_caller_and_the_agent_goes_on) {
  BOOST_TEST(ask("broken", "{}").starts_with("http.404"));
  BOOST_TEST(ask("enrich", R"({"domain": "acme.com"})") == R"({"employees":12})");
}

BOOST_AUTO_TEST_CASE(one_action_at_a_time_and_the_rest_waits) {
  std::vector<std::string> order;
  for (const auto* what : {"slow", "score"})
    node.inject("sales.scorer/a", what, R"({"seats": 1})",
                [&order, what](result<inject_answer> a) { order.push_back(a ? what : "refused"); });
  node.settle();
  agent_view view;
  node.operate("sales.scorer/a", [&](agent_cell& cell, instant now) { view = cell.view(true, now); });
  BOOST_TEST(nlohmann::json::parse(view.state_documents.at(0).body).at("action") == "slow");
  node.crash();
  node.run();
  node.operate("sales.scorer/a", [&](agent_cell& cell, instant now) { view = cell.view(true, now); });
  BOOST_TEST(!nlohmann::json::parse(view.state_documents.at(0).body).contains("task"));
  BOOST_TEST(nlohmann::json::parse(view.state_documents.at(0).body).at("actions_begun") == 1);
}

BOOST_AUTO_TEST_CASE(a_run_calls_an_agent_of_a_file_across_crashes) {
  catalog_->add(
      "workflow: w\nsteps:\n"
      "  - {id: e, agent: sales.scorer, action: enrich, with: {domain: acme.com}}\n"
      "  - {id: s, agent: sales.scorer, action: score, with: {seats: \"${{ steps.e.employees }}\"}}\n"
      "  - {return: \"${{ steps.s.score }}\"}\n");
  node.inject("workflow/r1", "start", R"({"workflow": "w", "input": {}})",
              [](result<inject_answer> a) { BOOST_REQUIRE(a); });
  for (int i = 0; i < 40; ++i) {
    node.step();
    if (i % 4 == 3)
      node.crash();
  }
  node.run();
  agent_view view;
  node.operate("workflow/r1", [&](agent_cell& cell, instant now) { view = cell.view(true, now); });
  const auto run = nlohmann::json::parse(view.state_documents.at(0).body);
  BOOST_TEST(run.at("state") == "completed");
  BOOST_TEST(run.at("output") == 20);
}

BOOST_AUTO_TEST_SUITE_END()
