#include "runtime/message/envelope.hpp"
#include "tests/unit/gateway/api/api_fixture.hpp"

using namespace troupe;
using namespace troupe::gateway;
using test::api_fixture;

namespace {

journal::stored_dead_letter letter_of(const std::string& envelope_bytes) {
  journal::stored_dead_letter stored;
  stored.letter.id = "L1";
  stored.letter.reason = "unknown_type";
  stored.letter.to = agent_id::make("default", "desk", "a").value();
  stored.letter.envelope = envelope_bytes;
  return stored;
}

std::string encoded_message() {
  envelope message;
  message.id = "M7";
  message.type = "bye";
  message.body = R"({"x":1})";
  message.to = agent_id::make("default", "desk", "a").value();
  return encode(message);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(agents, api_fixture)

BOOST_AUTO_TEST_CASE(a_list_says_that_it_is_complete) {
  auto body = body_of(get("/v1/agents"));
  BOOST_TEST(body["items"].size() == 1u);
  BOOST_TEST(body["items"][0]["id"] == "desk/a");
  BOOST_TEST(body["complete"] == true);
  BOOST_TEST(body["next_cursor"].is_null());
}

BOOST_AUTO_TEST_CASE(a_page_leads_to_the_next) {
  node.agents["desk/b"].id = agent_id::make("default", "desk", "b").value();
  auto first = body_of(get("/v1/agents?limit=1"));
  BOOST_TEST(first["complete"] == false);
  auto second = body_of(get("/v1/agents?limit=1&cursor=" + first["next_cursor"].get<std::string>()));
  BOOST_TEST(second["items"][0]["id"] == "desk/b");
  BOOST_TEST(second["complete"] == true);
}

BOOST_AUTO_TEST_CASE(a_cursor_that_is_none_is_refused) {
  BOOST_TEST(get("/v1/agents?cursor=zz").status == 400u);
}

BOOST_AUTO_TEST_CASE(a_state_narrows_the_list) {
  BOOST_TEST(body_of(get("/v1/agents?state=failed"))["items"].empty());
  BOOST_TEST(body_of(get("/v1/agents?state=idle"))["items"].size() == 1u);
}

BOOST_AUTO_TEST_CASE(an_unknown_state_is_refused_with_the_known_ones) {
  auto response = get("/v1/agents?state=sleepy");
  BOOST_TEST(response.status == 400u);
  BOOST_TEST(body_of(response)["error"]["hint"].get<std::string>().find("passive") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_misspelt_filter_is_no_answer) {
  BOOST_TEST(get("/v1/agents?stat=idle").status == 400u);
}

BOOST_AUTO_TEST_CASE(one_agent_tells_why_it_waits) {
  node.agents["desk/a"].why = {"waits for a reply"};
  node.agents["desk/a"].tasks.resize(1);
  auto body = body_of(get("/v1/agents/desk/a"));
  BOOST_TEST(body["why"][0] == "waits for a reply");
  BOOST_TEST(body["tasks"].size() == 1u);
  BOOST_TEST(body["next_due"].is_null());
}

BOOST_AUTO_TEST_CASE(an_agent_nobody_created_is_404) {
  BOOST_TEST(get("/v1/agents/desk/nobody").status == 404u);
}

BOOST_AUTO_TEST_CASE(an_agent_is_spawned_by_posting_to_its_own_path) {
  auto response = post("/v1/agents/desk/new", "{}");
  BOOST_TEST(response.status == 200u);
  BOOST_TEST(body_of(response)["id"] == "desk/new");
}

BOOST_AUTO_TEST_CASE(stop_hands_its_reason_on) {
  BOOST_TEST(post("/v1/agents/desk/a/stop", R"({"reason":"tired"})").status == 200u);
  BOOST_TEST(node.asked().at(0) == "stop desk/a because tired");
}

BOOST_AUTO_TEST_CASE(restart_takes_a_mode_by_name) {
  post("/v1/agents/desk/a/restart", R"({"mode":"task_abandon"})");
  BOOST_TEST(node.asked().at(0) == "restart desk/a mode 3");
}

BOOST_AUTO_TEST_CASE(restart_without_a_mode_is_plain) {
  post("/v1/agents/desk/a/restart", "");
  BOOST_TEST(node.asked().at(0) == "restart desk/a mode 0");
}

BOOST_AUTO_TEST_CASE(an_unknown_mode_is_refused) {
  BOOST_TEST(body_of(post("/v1/agents/desk/a/restart", R"({"mode":"hard"})"))["error"]["field"] == "mode");
}

BOOST_AUTO_TEST_CASE(history_shows_details_as_values) {
  journal::stored_event event;
  event.number = 4;
  event.event.kind = "message_applied";
  event.event.detail = R"({"type":"buy"})";
  node.events = {event};
  auto body = body_of(get("/v1/agents/desk/a/history"));
  BOOST_TEST(body["items"][0]["detail"]["type"] == "buy");
  BOOST_TEST(body["items"][0]["number"] == 4);
}

BOOST_AUTO_TEST_CASE(a_mailbox_that_is_longer_than_asked_for_is_not_complete) {
  node.mail.resize(3);
  auto body = body_of(get("/v1/agents/desk/a/mailbox?limit=2"));
  BOOST_TEST(body["items"].size() == 2u);
  BOOST_TEST(body["complete"] == false);
}

BOOST_AUTO_TEST_CASE(a_dead_letter_shows_its_message) {
  node.letters = {letter_of(encoded_message())};
  auto body = body_of(get("/v1/dead-letters/L1"));
  BOOST_TEST(body["reason"] == "unknown_type");
  BOOST_TEST(body["message"]["type"] == "bye");
  BOOST_TEST(body["message"]["body"]["x"] == 1);
  BOOST_TEST(body["from"].is_null());
}

BOOST_AUTO_TEST_CASE(a_list_of_dead_letters_leaves_bodies_out) {
  node.letters = {letter_of(encoded_message())};
  BOOST_TEST(!body_of(get("/v1/dead-letters"))["items"][0]["message"].contains("body"));
}

BOOST_AUTO_TEST_CASE(an_unreadable_envelope_is_a_dead_letter_without_a_message) {
  node.letters = {letter_of("\xff\xff\xff")};
  BOOST_TEST(body_of(get("/v1/dead-letters/L1"))["message"].is_null());
}

BOOST_AUTO_TEST_CASE(a_dead_letter_is_replayed_as_a_new_message) {
  node.letters = {letter_of(encoded_message())};
  auto response = post("/v1/dead-letters/L1/replay", "{}");
  BOOST_TEST(response.status == 202u);
  BOOST_TEST(body_of(response)["id"] == "01REPLAYED");
}

BOOST_AUTO_TEST_CASE(a_dead_letter_that_is_not_there_is_404) {
  BOOST_TEST(post("/v1/dead-letters/L9/replay", "{}").status == 404u);
}

BOOST_AUTO_TEST_SUITE_END()
