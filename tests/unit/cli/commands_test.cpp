#include "tests/unit/cli/cli_fixture.hpp"

using namespace troupe;
using test::cli_fixture;

namespace {

journal::stored_event event_of(std::uint64_t number, std::string kind, std::string trace) {
  journal::stored_event stored;
  stored.number = number;
  stored.event.kind = std::move(kind);
  stored.event.trace = std::move(trace);
  stored.event.at = from_ms(static_cast<std::int64_t>(number) * 1000);
  return stored;
}

journal::stored_dead_letter letter() {
  journal::stored_dead_letter stored;
  stored.letter.id = "L1";
  stored.letter.reason = "unknown_type";
  stored.letter.to = agent_id::make("default", "desk", "a").value();
  return stored;
}

agent_view waiting(const std::string& key, const std::string& on) {
  agent_view agent;
  agent.id = agent_id::make("default", "desk", key).value();
  agent.state = agent_state::waiting;
  agent.tasks.resize(1);
  agent.tasks[0].waits.resize(1);
  agent.tasks[0].waits[0].what = "reply to quote";
  agent.tasks[0].waits[0].on = on;
  agent.tasks[0].waits[0].since = from_ms(1'000);
  return agent;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(looking, cli_fixture)

BOOST_AUTO_TEST_CASE(ps_lists_agents_and_says_whether_that_is_all) {
  BOOST_TEST(troupe({"ps"}) == 0);
  BOOST_TEST(out.str().find("desk/a  idle") != std::string::npos);
  BOOST_TEST(err.str() == "1 agent, complete\n");
}

BOOST_AUTO_TEST_CASE(ps_as_json_is_one_document) {
  BOOST_TEST(troupe({"ps", "-o", "json"}) == 0);
  BOOST_TEST(document()["items"][0]["id"] == "desk/a");
  BOOST_TEST(document()["complete"] == true);
}

BOOST_AUTO_TEST_CASE(ps_streams_one_agent_a_line) {
  node.agents["desk/b"] = waiting("b", "desk/a");
  BOOST_TEST(troupe({"ps", "--stream"}) == 0);
  BOOST_TEST(std::ranges::count(out.str(), '\n') == 2);
}

BOOST_AUTO_TEST_CASE(a_list_cut_short_says_so) {
  node.agents["desk/b"] = waiting("b", "desk/a");
  BOOST_TEST(troupe({"ps", "--limit", "1"}) == 0);
  BOOST_TEST(err.str() == "1 agent, more exist: raise --limit\n");
}

BOOST_AUTO_TEST_CASE(a_list_is_read_page_by_page) {
  node.page_max = 1;
  node.agents["desk/b"] = waiting("b", "desk/a");
  node.agents["desk/c"] = waiting("c", "desk/a");
  BOOST_TEST(troupe({"ps", "-o", "json"}) == 0);
  BOOST_TEST(document()["count"] == 3);
}

BOOST_AUTO_TEST_CASE(stuck_agents_are_those_that_wait_long) {
  node.agents["desk/b"] = waiting("b", "desk/a");
  BOOST_TEST(troupe({"ps", "--stuck", "-o", "json"}) == 0);
  BOOST_TEST(document()["count"] == 1);
  BOOST_TEST(document()["items"][0]["id"] == "desk/b");
}

BOOST_AUTO_TEST_CASE(ps_nodes_shows_the_node) {
  BOOST_TEST(troupe({"ps", "nodes"}) == 0);
  BOOST_TEST(out.str().find("node-a  up") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(inspect_why_prints_the_sentences) {
  node.agents["desk/a"].why = {"waits for a reply to quote", "it comes when desk/b answers"};
  BOOST_TEST(troupe({"inspect", "desk/a", "--why"}) == 0);
  BOOST_TEST(out.str() == "waits for a reply to quote\nit comes when desk/b answers\n");
}

BOOST_AUTO_TEST_CASE(inspect_state_prints_the_documents) {
  node.agents["desk/a"].state_documents = {{"book", 2, R"({"cash":5})"}};
  BOOST_TEST(troupe({"inspect", "desk/a", "--state"}) == 0);
  BOOST_TEST(out.str().find("book (schema 2)\n{\n  \"cash\": 5\n}") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(inspect_tree_names_a_loop_of_waits) {
  node.agents["desk/b"] = waiting("b", "desk/c");
  node.agents["desk/c"] = waiting("c", "desk/b");
  BOOST_TEST(troupe({"inspect", "desk/b", "--tree"}) == 0);
  BOOST_TEST(out.str().find("desk/c  waiting") != std::string::npos);
  BOOST_TEST(out.str().find("a loop") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(inspect_takes_one_part_at_a_time) {
  BOOST_TEST(troupe({"inspect", "desk/a", "--why", "--state"}) == 2);
}

BOOST_AUTO_TEST_CASE(an_agent_that_is_not_there_is_4_with_a_hint) {
  BOOST_TEST(troupe({"inspect", "desk/nobody"}) == 4);
  BOOST_TEST(err.str() == "error: no agent desk/nobody\n  hint: troupe ps lists all agents\n");
  BOOST_TEST(out.str().empty());
}

BOOST_AUTO_TEST_CASE(logs_prints_an_agents_events) {
  node.events = {event_of(1, "task_began", "T1"), event_of(2, "task_ended", "T1")};
  BOOST_TEST(troupe({"logs", "desk/a"}) == 0);
  BOOST_TEST(std::ranges::count(out.str(), '\n') == 2);
}

BOOST_AUTO_TEST_CASE(following_logs_prints_each_event_once) {
  node.events = {event_of(1, "task_began", "T1")};
  pauses_left = 2;
  BOOST_TEST(troupe({"logs", "desk/a", "-f"}) == 0);
  BOOST_TEST(std::ranges::count(out.str(), '\n') == 1);
}

BOOST_AUTO_TEST_CASE(trace_prints_only_events_of_its_correlation) {
  node.events = {event_of(1, "task_began", "T1"), event_of(2, "other", "T2")};
  BOOST_TEST(troupe({"trace", "T1"}) == 0);
  BOOST_TEST(out.str().find("desk/a  task_began") != std::string::npos);
  BOOST_TEST(out.str().find("other") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_unknown_trace_is_4) { BOOST_TEST(troupe({"trace", "T9"}) == 4); }

BOOST_AUTO_TEST_CASE(top_is_plain_text_when_not_on_a_terminal) {
  BOOST_TEST(troupe({"top"}) == 0);
  BOOST_TEST(out.str().find('\x1b') == std::string::npos);
  BOOST_TEST(out.str().find("1 agent of 1") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(dead_letters_are_listed_with_their_reason) {
  node.letters = {letter()};
  BOOST_TEST(troupe({"dead-letter", "list"}) == 0);
  BOOST_TEST(out.str().find("unknown_type") != std::string::npos);
  BOOST_TEST(err.str() == "1 dead letter, complete\n");
}

BOOST_AUTO_TEST_CASE(a_dead_letter_is_replayed) {
  node.letters = {letter()};
  BOOST_TEST(troupe({"dead-letter", "replay", "L1"}) == 0);
  BOOST_TEST(out.str() == "01REPLAYED\n");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(steering, cli_fixture)

BOOST_AUTO_TEST_CASE(spawn_activates_an_agent) {
  BOOST_TEST(troupe({"spawn", "desk", "--key", "new"}) == 0);
  BOOST_TEST(out.str() == "desk/new  idle\n");
}

BOOST_AUTO_TEST_CASE(stop_hands_on_its_reason) {
  BOOST_TEST(troupe({"stop", "desk/a", "--reason", "tired"}) == 0);
  BOOST_TEST(node.asked().at(0) == "stop desk/a because tired");
}

BOOST_AUTO_TEST_CASE(restart_can_abandon_a_task) {
  BOOST_TEST(troupe({"restart", "desk/a", "--task", "abandon"}) == 0);
  BOOST_TEST(node.asked().at(0) == "restart desk/a mode 3");
}

BOOST_AUTO_TEST_CASE(restart_cannot_reset_and_retry) {
  BOOST_TEST(troupe({"restart", "desk/a", "--reset", "--task", "retry"}) == 2);
}

BOOST_AUTO_TEST_SUITE_END()
