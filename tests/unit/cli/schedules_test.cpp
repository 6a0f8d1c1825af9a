// Schedules, reloading and links as a person at the terminal has them.
#include "tests/unit/cli/cli_fixture.hpp"

#include "gateway/api/approval_link.hpp"
#include "workflows/run/deployed.hpp"

using namespace troupe;
using namespace troupe::test;

namespace {

struct workflow_node : cli_fixture {
  workflow_node() {
    world.connect = [this](const std::string&) { return std::make_unique<direct_transport>(whole); };
    add_schedule("1");
    node.on_inject = [this](const inject_request&) {
      inject_answer answered;
      answered.id = "m";
      answered.reply = outcome::success(told);
      return answered;
    };
  }

  void add_schedule(const std::string& name) {
    journal::stored_listing line;
    line.id = *agent_id::make("default", "workflow.schedule", "lead/" + name);
    line.what.category = "schedule";
    line.what.name = "lead";
    line.what.state = "active";
    line.what.detail = R"({"schedule":"lead/)" + name + R"(","name":")" + name +
                       R"(","state":"active","cron":"0 7 * * *","timezone":"Europe/Paris"})";
    node.lines.push_back(line);
    agent_view agent;
    agent.id = line.id;
    agent.state_documents = {{"state", 1, line.what.detail}};
    node.agents[agent.id.text()] = agent;
  }

  std::string told = R"({"schedule":"lead/1"})";
  gateway::dispatcher whole{gateway::make_routes({node,
                                                  limits,
                                                  std::make_shared<gateway::metric_registry>(),
                                                  [] { return std::size_t{0}; },
                                                  std::make_shared<workflow::deployed_catalog>(),
                                                  {},
                                                  std::make_shared<test::fixed_clock>(),
                                                  {},
                                                  std::make_shared<gateway::link_signer>(secret_key{}),
                                                  [](auto done) {
                                                    done(json{{"added", {"workflow lead"}}});
                                                  }}),
                            limits,
                            [] { return std::string("DRAWN"); },
                            {}};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(schedules, workflow_node)

BOOST_AUTO_TEST_CASE(they_are_listed_with_what_they_do_next) {
  BOOST_TEST(troupe({"workflow", "schedule", "list"}) == 0);
  BOOST_TEST(out.str().find("lead/1    active  0 7 * * * Europe/Paris") != std::string::npos);
  BOOST_TEST(err.str() == "1 schedule, complete\n");
}

BOOST_AUTO_TEST_CASE(where_there_is_one_the_workflow_is_enough) {
  BOOST_TEST(troupe({"workflow", "schedule", "pause", "lead"}) == 0);
  BOOST_TEST(node.injected().back().to.text() == "workflow.schedule/lead/1");
  BOOST_TEST(node.injected().back().type == "pause");
}

BOOST_AUTO_TEST_CASE(where_there_are_several_one_has_to_say_which) {
  add_schedule("2");
  BOOST_TEST(troupe({"workflow", "schedule", "pause", "lead"}) == 2);
  BOOST_TEST(troupe({"workflow", "schedule", "pause", "lead/2"}) == 0);
}

BOOST_AUTO_TEST_CASE(a_trigger_prints_the_run) {
  told = R"({"schedule":"lead/1","run":"01RUN"})";
  BOOST_TEST(troupe({"workflow", "schedule", "trigger", "lead"}) == 0);
  BOOST_TEST(out.str() == "01RUN\n");
}

BOOST_AUTO_TEST_CASE(a_backfill_needs_both_ends) {
  BOOST_TEST(troupe({"workflow", "schedule", "backfill", "lead", "--from", "2026-01-01T00:00:00Z"}) == 2);
}

BOOST_AUTO_TEST_CASE(one_that_is_not_there_is_4) {
  BOOST_TEST(troupe({"workflow", "schedule", "show", "lead/7"}) == 4);
  BOOST_TEST(troupe({"workflow", "schedule", "show", "other"}) == 4);
}

BOOST_AUTO_TEST_CASE(reload_says_what_changed) {
  BOOST_TEST(troupe({"workflow", "reload"}) == 0);
  BOOST_TEST(out.str() == "added  workflow lead\n");
}

BOOST_AUTO_TEST_CASE(runs_are_found_by_what_their_workflow_says_of_them) {
  BOOST_TEST(troupe({"workflow", "runs", "--where", "company=Acme, Inc", "--where", "stage=new"}) == 0);
  BOOST_TEST(troupe({"workflow", "runs", "--where", "company"}) == 2);
}

BOOST_AUTO_TEST_SUITE_END()
