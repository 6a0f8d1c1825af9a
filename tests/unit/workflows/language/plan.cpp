#include "tests/unit/workflows/language/reading.hpp"
#include "workflows/plan/schema.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

using namespace troupe;
using namespace troupe::workflow;
using namespace std::chrono_literals;

namespace {

std::string paths_of(const plan& of) {
  std::string all;
  for (const auto& s : of.arena)
    all += path_of(s.get()) + "\n";
  return all;
}

const call_body& call_of(const plan& of, std::string_view id) {
  return std::get<call_body>(of.find(id)->body);
}

} // namespace

BOOST_AUTO_TEST_SUITE(reading_plans)

BOOST_AUTO_TEST_CASE(the_guide_s_workflow_has_no_finding) {
  const parsed lead(file_text(data_folder() + "good/lead-to-meeting.yaml"));
  BOOST_TEST(lead.findings == "");
  BOOST_REQUIRE(lead.plan != nullptr);
  BOOST_TEST(lead.plan->name == "lead-to-meeting");
  BOOST_TEST(lead.plan->version == 3);
  BOOST_TEST(lead.plan->limit.micro_usd == 800'000U);
  BOOST_TEST(lead.plan->by_id.size() == 7U);
  BOOST_TEST(lead.plan->hash.size() == 32U);
}

BOOST_AUTO_TEST_CASE(every_step_has_its_path) {
  const parsed flow(R"(
workflow: paths
steps:
  - { id: first, agent: a.b, action: go, compensate: [ { wait: 1s } ] }
  - { agent: a.b, action: go }
  - { set: { x: 1 } }
  - { agent: a.b, action: go, compensate: [ { undo: first } ] }
  - parallel: { branches: { left: [ { wait: 1s } ], right: [ { wait: 1s } ] } }
  - choice: [ { when: "${{ vars.x == 1 }}", steps: [ { wait: 1s } ] }, { when: "${{ vars.x == 2 }}", steps: [ { wait: 1s } ] }, { else: [ { wait: 1s } ] } ]
  - map: { over: [1], steps: [ { wait: 1s } ] }
  - try: [ { wait: 1s } ]
    catch: [ { steps: [ { wait: 1s } ] } ]
    finally: [ { wait: 1s } ]
)");
  BOOST_TEST(flow.findings == "");
  BOOST_REQUIRE(flow.plan != nullptr);
  BOOST_TEST(paths_of(*flow.plan) == R"(
first
first/compensate
first/compensate/wait~1
agent~1
set~1
agent~2
agent~2/compensate
agent~2/compensate/undo~1
parallel~1
parallel~1/left
parallel~1/left/wait~1
parallel~1/right
parallel~1/right/wait~1
choice~1
choice~1/when1
choice~1/when1/wait~1
choice~1/when2
choice~1/when2/wait~1
choice~1/else
choice~1/else/wait~1
map~1
map~1/[]
map~1/[]/wait~1
try~1
try~1/body
try~1/body/wait~1
try~1/catch1
try~1/catch1/wait~1
try~1/finally
try~1/finally/wait~1
)");
}

BOOST_AUTO_TEST_CASE(defaults_reach_actions_of_agents_alone) {
  const parsed flow(R"(
workflow: defaults
defaults: { timeout: 2m, retry: { attempts: 5, backoff: fixed, on: [timeout] } }
steps:
  - { id: plain, agent: a.b, action: go }
  - { id: own, agent: a.b, action: go, timeout: 5s, retry: { attempts: 2 } }
  - { id: said, agent: a.b, tell: hello }
  - { id: part, workflow: other }
)");
  BOOST_TEST(flow.findings == "");
  BOOST_REQUIRE(flow.plan != nullptr);
  BOOST_TEST((flow.plan->find("plain")->timeout == 2min));
  BOOST_TEST(flow.plan->find("plain")->retry.attempts == 5U);
  BOOST_TEST(!flow.plan->find("plain")->retry.exponential);
  BOOST_TEST((flow.plan->find("own")->timeout == 5s));
  BOOST_TEST(flow.plan->find("own")->retry.attempts == 2U);
  BOOST_TEST(!flow.plan->find("own")->retry.exponential);
  BOOST_TEST((flow.plan->find("said")->timeout == 0s));
  BOOST_TEST((flow.plan->find("part")->timeout == 0s));
}

BOOST_AUTO_TEST_CASE(json_gives_the_same_plan_as_yaml) {
  const parsed yaml("workflow: same\nsteps:\n  - id: a\n    agent: x.y\n    action: go\n    with: { n: 1, t: "
                    "\"${{ input.a }}\" }\n");
  const parsed json(
      R"({"workflow":"same","steps":[{"id":"a","agent":"x.y","action":"go","with":{"n":1,"t":"${{ input.a }}"}}]})");
  BOOST_TEST(yaml.findings == "");
  BOOST_REQUIRE(yaml.plan != nullptr);
  BOOST_REQUIRE(json.plan != nullptr);
  BOOST_TEST(yaml.plan->hash == json.plan->hash);
  BOOST_TEST(yaml.plan->text == json.plan->text);
  BOOST_TEST(call_of(*json.plan, "a").action == "go");
  const parsed again(json.plan->text);
  BOOST_REQUIRE(again.plan != nullptr);
  BOOST_TEST(again.plan->hash == json.plan->hash);
}

BOOST_AUTO_TEST_CASE(the_input_is_an_object_even_if_the_file_does_not_say_so) {
  const parsed flow("workflow: w\n$defs: { lead: { properties: { seats: { type: integer } } } }\n"
                    "input: { properties: { lead: { $ref: '#/$defs/lead' } }, required: [lead] }\nsteps: [ { "
                    "wait: 1s } ]\n");
  BOOST_TEST(flow.findings == "");
  BOOST_REQUIRE(flow.plan != nullptr);
  BOOST_TEST(flow.plan->input->type().name() == "{lead}");
  BOOST_TEST(flow.plan->input->type().find("lead")->holds.find("seats")->holds.name() == "int");
}

BOOST_AUTO_TEST_SUITE_END()
