// Runs that begin with a message, and messages for runs that live.
#include "tests/unit/workflows/run/run_rig.hpp"
#include "tests/unit/workflows/triggers/fold_rig.hpp"

#include "workflows/agents/file_agent.hpp"
#include "workflows/run/run_agent.hpp"
#include "workflows/run/wire.hpp"
#include "workflows/triggers/event_router.hpp"
#include "workflows/triggers/message_gate.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;
using namespace troupe::workflow;
using namespace std::chrono_literals;

namespace {

std::string flow(const std::string& trigger, const std::string& steps, const std::string& name = "w") {
  return "workflow: " + name + "\non: {message: {agent: crm, type: lead, " + trigger + "}}\nsteps: [" +
         steps + "]\n";
}

constexpr const char* one_lead = R"({"id":"e1","email":"ann@acme.example"})";
const std::string by_id = R"(dedupe: "${{ event.id }}", input: {mail: "${{ event.email }}"})";
const std::string by_mail = R"(dedupe: "${{ event.id }}", correlate: "${{ event.email }}", )"
                            R"(input: {mail: "${{ event.email }}"})";
const std::string wait_for_second =
    R"({id: more, receive: {signal: lead, correlate: "${{ input.mail }}", timeout: 1h, default: none}})";

struct office : fold_rig {
  explicit office(const std::string& workflow) {
    known.add(workflow);
    kinds["crm"] = kinds["workflow.events"] = [this](const agent_id& id) {
      return std::make_unique<event_router>(id, known);
    };
    kinds["workflow.message"] = [](const agent_id& id) { return std::make_unique<message_gate>(id); };
    kinds["workflow"] = [this](const agent_id& id) { return std::make_unique<run_agent>(id, known); };
    kinds["sales.clerk"] = [this](const agent_id& id) { return std::make_unique<file_agent>(id, known); };
  }
  void say(const std::string& body) {
    send("crm/desk", "lead", body);
    settle();
  }
  const run_record& run(std::size_t nth = 0) {
    return static_cast<run_agent&>(agent("workflow/" + of_kind("workflow").at(nth))).run();
  }
  std::size_t runs() const { return of_kind("workflow").size(); }
  text_catalog known;
};

} // namespace

BOOST_AUTO_TEST_SUITE(messages_that_start_runs)

BOOST_AUTO_TEST_CASE(a_message_starts_a_run_with_the_input_made_of_it) {
  office o(flow(by_id, "{wait: 1h}"));
  o.say(one_lead);
  BOOST_REQUIRE_EQUAL(o.runs(), 1u);
  BOOST_TEST(to_text(o.run().input) == R"({"mail":"ann@acme.example"})");
  BOOST_TEST(o.run().started_by == "message/crm");
}

BOOST_AUTO_TEST_CASE(the_same_thing_twice_starts_one_run) {
  office o(flow(by_id, "{wait: 1h}"));
  o.say(one_lead);
  o.say(one_lead);
  BOOST_TEST(o.runs() == 1u);
  o.say(R"({"id":"e2","email":"bob@acme.example"})");
  BOOST_TEST(o.runs() == 2u);
}

BOOST_AUTO_TEST_CASE(it_is_one_run_also_when_the_first_is_over_and_the_process_died) {
  office o(flow(by_id, "{wait: 1s}"));
  o.dies = [](auto&, auto) { return fold_rig::death::after_commit; };
  o.say(one_lead);
  o.pass(1min);
  o.restart_at(o.now + 24h);
  o.say(one_lead);
  BOOST_TEST(o.runs() == 1u);
}

BOOST_AUTO_TEST_CASE(without_dedupe_each_message_is_a_run) {
  office o(flow(R"(input: {mail: "${{ event.email }}"})", "{wait: 1h}"));
  o.say(one_lead);
  o.say(one_lead);
  BOOST_TEST(o.runs() == 2u);
}

BOOST_AUTO_TEST_CASE(a_correlated_message_goes_to_the_run_that_waits_for_it) {
  office o(flow(by_mail, wait_for_second));
  o.say(one_lead);
  o.say(R"({"id":"e2","email":"ann@acme.example","note":"again"})");
  BOOST_TEST(o.runs() == 1u);
  BOOST_TEST(to_text(o.run().output) == R"({"email":"ann@acme.example","id":"e2","note":"again"})");
}

BOOST_AUTO_TEST_CASE(a_correlated_message_said_twice_is_handed_on_once) {
  office o(flow(by_mail, wait_for_second + ", " +
                             R"({id: third, receive: {signal: lead, timeout: 1h, default: none}})"));
  o.say(one_lead);
  o.say(R"({"id":"e2","email":"ann@acme.example"})");
  o.say(R"({"id":"e2","email":"ann@acme.example"})");
  o.pass(2h);
  BOOST_TEST(to_text(o.run().output) == R"("none")");
}

BOOST_AUTO_TEST_CASE(after_the_run_is_over_it_starts_another) {
  office o(flow(by_mail, "{wait: 1s}"));
  o.say(one_lead);
  o.pass(1min);
  o.say(R"({"id":"e2","email":"ann@acme.example"})");
  BOOST_TEST(o.runs() == 2u);
}

BOOST_AUTO_TEST_CASE(two_messages_that_met_a_run_at_its_end_start_one_run_together) {
  office o(flow(by_mail, wait_for_second));
  o.say(one_lead);
  o.send("workflow/" + o.of_kind("workflow").at(0), "cancel");
  o.send("crm/desk", "lead", R"({"id":"e2","email":"ann@acme.example"})");
  o.send("crm/desk", "lead", R"({"id":"e3","email":"ann@acme.example"})");
  o.settle();
  BOOST_TEST(o.runs() == 2u);
}

BOOST_AUTO_TEST_CASE(what_nobody_listens_to_is_refused_by_name) {
  office o(flow(by_id, "{wait: 1h}"));
  BOOST_TEST(o.ask("crm/desk", "order", one_lead).kind == "not_found");
  BOOST_TEST(o.ask("crm/desk", "lead", R"({"nothing":1})").kind == "invalid");
  BOOST_TEST(o.runs() == 0u);
}

BOOST_AUTO_TEST_CASE(an_event_that_an_agents_file_emits_starts_a_run) {
  office o(
      "workflow: w\non: {message: {agent: sales.clerk, type: lead, input: {mail: \"${{ event.email }}\"}}}\n"
      "steps: [{wait: 1h}]\n");
  o.known.add_agent(
      "agent: sales.clerk\nactions:\n  note:\n    steps:\n      - emit: {event: lead, data: \"${{ "
      "input }}\"}\n");
  o.dies = [](auto&, auto) { return fold_rig::death::after_commit; };
  o.send("sales.clerk/a", "note", one_lead);
  o.settle();
  BOOST_REQUIRE_EQUAL(o.runs(), 1u);
  BOOST_TEST(to_text(o.run().input) == R"({"mail":"ann@acme.example"})");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(signals)

namespace {

struct waiting : office {
  waiting(const std::string& steps)
      : office(flow("dedupe: \"${{ event.id }}\"", steps)) {
    say(one_lead);
    id = "workflow/" + of_kind("workflow").at(0);
  }
  std::string id;
};

const std::string body_with_number =
    "{id: a, receive: {signal: n, schema: {properties: {n: {type: integer}}, required: [n]}}}";

} // namespace

BOOST_AUTO_TEST_CASE(one_under_the_same_id_is_one) {
  waiting w("{id: a, receive: {signal: go}}, {id: b, receive: {signal: go, timeout: 1h, default: none}}");
  w.ask(w.id, "signal", R"({"name":"go","body":1,"id":"s1"})");
  w.ask(w.id, "signal", R"({"name":"go","body":1,"id":"s1"})");
  w.pass(2h);
  BOOST_TEST(to_text(w.run().output) == R"("none")");
}

BOOST_AUTO_TEST_CASE(one_that_does_not_fit_is_refused_and_the_step_waits_on) {
  waiting w(body_with_number);
  BOOST_TEST(w.ask(w.id, "signal", R"({"name":"n","body":{"n":"x"}})").kind == "invalid");
  BOOST_TEST(w.ask(w.id, "signal", R"({"name":"n","body":{"n":7}})").ok);
  BOOST_TEST(to_text(w.run().output) == R"({"n":7})");
}

BOOST_AUTO_TEST_CASE(one_that_came_too_early_and_does_not_fit_is_dropped_with_a_note) {
  waiting w("{wait: 1h}, " + body_with_number);
  w.ask(w.id, "signal", R"({"name":"n","body":{"n":"x"}})");
  w.ask(w.id, "signal", R"({"name":"n","body":{"n":7}})");
  w.pass(2h);
  BOOST_TEST(w.count(w.id, "signal_dropped") == 1u);
  BOOST_TEST(to_text(w.run().output) == R"({"n":7})");
}

BOOST_AUTO_TEST_CASE(one_that_nobody_took_is_told_when_the_run_ends) {
  waiting w("{wait: 1h}");
  w.ask(w.id, "signal", R"({"name":"late","body":1})");
  w.pass(2h);
  BOOST_TEST(w.count(w.id, "signal_dropped") == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
