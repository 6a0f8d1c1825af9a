#include "tests/unit/gateway/api/api_fixture.hpp"

using namespace troupe;
using namespace troupe::gateway;
using test::api_fixture;

namespace {

inject_answer replied(outcome reply) {
  inject_answer answered;
  answered.id = "M1";
  answered.trace = "T1";
  answered.reply = std::move(reply);
  return answered;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(messages, api_fixture)

BOOST_AUTO_TEST_CASE(a_durable_message_is_202_with_id_and_state) {
  auto response = post("/v1/agents/desk/a/messages", R"({"type":"buy","body":{"n":1}})");
  BOOST_TEST(response.status == 202u);
  BOOST_TEST(response.body == R"({"id":"01MESSAGE","state":"submitted"})");
}

BOOST_AUTO_TEST_CASE(a_message_reaches_the_node_as_it_was_sent) {
  post("/v1/agents/desk/lead%2042%2Fb/messages?wait=1.5", R"({"type":"buy","body":{"n":1}})",
       {{"idempotency-key", "k-1"}, {"x-correlation-id", "trace-9"}});
  BOOST_REQUIRE_EQUAL(node.injected().size(), 1u);
  const auto seen = node.injected()[0];
  BOOST_TEST(seen.to.text() == "desk/lead 42/b");
  BOOST_TEST(seen.type == "buy");
  BOOST_TEST(seen.body == R"({"n":1})");
  BOOST_TEST(seen.idempotency_key == "k-1");
  BOOST_TEST(seen.trace == "trace-9");
  BOOST_TEST(seen.wait.count() == 1500);
}

BOOST_AUTO_TEST_CASE(an_absent_body_is_null) {
  post("/v1/agents/desk/a/messages", R"({"type":"tick"})");
  BOOST_TEST(node.injected().at(0).body == "null");
}

BOOST_AUTO_TEST_CASE(a_reply_is_200_with_id_and_reply) {
  node.on_inject = [](const inject_request&) { return replied(outcome::success(R"({"price":7})")); };
  auto response = post("/v1/agents/desk/a/messages?wait=5", R"({"type":"quote"})");
  BOOST_TEST(response.status == 200u);
  BOOST_TEST(response.body == R"({"id":"M1","reply":{"price":7}})");
  BOOST_TEST(header(response, "X-Correlation-Id") == "T1");
}

BOOST_AUTO_TEST_CASE(an_agent_that_failed_is_502_with_its_own_words) {
  node.on_inject = [](const inject_request&) {
    return replied(outcome::failure("agent.crashed", "the handler threw", "desk/a"));
  };
  auto response = post("/v1/agents/desk/a/messages?wait=5", R"({"type":"quote"})");
  BOOST_TEST(response.status == 502u);
  BOOST_TEST(body_of(response)["error"]["code"] == "agent.crashed");
  BOOST_TEST(body_of(response)["error"]["agent"] == "desk/a");
  BOOST_TEST(body_of(response)["id"] == "M1");
}

BOOST_AUTO_TEST_CASE(an_agent_that_refuses_its_input_is_422) {
  node.on_inject = [](const inject_request&) { return replied(outcome::failure("invalid", "n is missing")); };
  BOOST_TEST(post("/v1/agents/desk/a/messages?wait=5", R"({"type":"quote"})").status == 422u);
}

BOOST_AUTO_TEST_CASE(a_repeated_key_says_so) {
  node.on_inject = [](const inject_request&) {
    inject_answer answered;
    answered.id = "M1";
    answered.repeated = true;
    return answered;
  };
  auto response = post("/v1/agents/desk/a/messages", R"({"type":"buy"})", {{"idempotency-key", "k"}});
  BOOST_TEST(header(response, "Idempotent-Replayed") == "true");
}

BOOST_AUTO_TEST_CASE(a_key_with_another_body_is_409) {
  node.on_inject = [](const inject_request&) -> result<inject_answer> {
    return fail(fault::conflict, "the key stands for another body");
  };
  BOOST_TEST(post("/v1/agents/desk/a/messages", R"({"type":"buy"})").status == 409u);
}

BOOST_AUTO_TEST_CASE(a_full_queue_is_429_with_retry_after) {
  node.on_inject = [](const inject_request&) -> result<inject_answer> {
    return fail(fault::overloaded, "the mailbox is full");
  };
  auto response = post("/v1/agents/desk/a/messages", R"({"type":"buy"})");
  BOOST_TEST(response.status == 429u);
  BOOST_TEST(header(response, "Retry-After") == "1");
}

BOOST_AUTO_TEST_CASE(an_unknown_field_is_refused_before_the_node_hears_of_it) {
  auto response = post("/v1/agents/desk/a/messages", R"({"type":"buy","prio":1})");
  BOOST_TEST(response.status == 400u);
  BOOST_TEST(body_of(response)["error"]["field"] == "prio");
  BOOST_TEST(node.injected().empty());
}

BOOST_AUTO_TEST_CASE(a_duplicate_key_is_refused) {
  BOOST_TEST(post("/v1/agents/desk/a/messages", R"({"type":"buy","type":"sell"})").status == 400u);
}

BOOST_AUTO_TEST_CASE(an_empty_idempotency_key_is_refused) {
  auto response = post("/v1/agents/desk/a/messages", R"({"type":"buy"})", {{"idempotency-key", ""}});
  BOOST_TEST(body_of(response)["error"]["field"] == "Idempotency-Key");
}

BOOST_AUTO_TEST_CASE(a_wait_beyond_the_limit_is_refused) {
  BOOST_TEST(post("/v1/agents/desk/a/messages?wait=301", R"({"type":"buy"})").status == 400u);
}

BOOST_AUTO_TEST_CASE(a_kind_that_is_none_is_refused) {
  BOOST_TEST(post("/v1/agents/Desk%20X/a/messages", R"({"type":"buy"})").status == 400u);
}

BOOST_AUTO_TEST_SUITE_END()
