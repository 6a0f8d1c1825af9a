#include "tests/unit/cli/cli_fixture.hpp"

using namespace troupe;
using test::cli_fixture;

namespace {

inject_answer with_reply(outcome reply) {
  inject_answer answered;
  answered.id = "M1";
  answered.trace = "T1";
  answered.reply = std::move(reply);
  return answered;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(sending, cli_fixture)

BOOST_AUTO_TEST_CASE(a_sent_message_prints_its_id) {
  BOOST_TEST(troupe({"send", "desk/a", R"({"n":1})", "--type", "buy"}) == 0);
  BOOST_TEST(out.str() == "01MESSAGE\n");
  BOOST_TEST(node.injected().at(0).type == "buy");
  BOOST_TEST(node.injected().at(0).body == R"({"n":1})");
}

BOOST_AUTO_TEST_CASE(plain_text_is_sent_as_text) {
  BOOST_TEST(troupe({"send", "desk/a", "good morning", "--type", "greet"}) == 0);
  BOOST_TEST(node.injected().at(0).body == R"("good morning")");
}

BOOST_AUTO_TEST_CASE(a_message_may_name_its_handler_itself) {
  BOOST_TEST(troupe({"send", "desk/a", R"({"type":"buy","body":7})"}) == 0);
  BOOST_TEST(node.injected().at(0).body == "7");
}

BOOST_AUTO_TEST_CASE(a_message_for_no_handler_is_a_usage_error) {
  BOOST_TEST(troupe({"send", "desk/a", "{}"}) == 2);
  BOOST_TEST(err.str().find("--type") != std::string::npos);
  BOOST_TEST(node.injected().empty());
}

BOOST_AUTO_TEST_CASE(a_message_comes_from_a_file) {
  write("order.json", R"({"n":2})");
  BOOST_TEST(troupe({"send", "desk/a", "@order.json", "-t", "buy"}) == 0);
  BOOST_TEST(node.injected().at(0).body == R"({"n":2})");
}

BOOST_AUTO_TEST_CASE(a_message_comes_from_standard_input) {
  in.str(R"({"n":3})");
  BOOST_TEST(troupe({"send", "desk/a", "-", "-t", "buy"}) == 0);
  BOOST_TEST(node.injected().at(0).body == R"({"n":3})");
}

BOOST_AUTO_TEST_CASE(a_reply_is_printed_as_it_is) {
  node.on_inject = [](const inject_request&) { return with_reply(outcome::success(R"({"price":7})")); };
  BOOST_TEST(troupe({"send", "desk/a", "1", "-t", "quote", "--wait"}) == 0);
  BOOST_TEST(out.str() == "{\n  \"price\": 7\n}\n");
  BOOST_TEST(node.injected().at(0).wait.count() == 30'000);
}

BOOST_AUTO_TEST_CASE(a_wait_may_say_how_long) {
  BOOST_TEST(troupe({"send", "desk/a", "1", "-t", "quote", "--wait=1.5"}) == 7);
  BOOST_TEST(node.injected().at(0).wait.count() == 1'500);
}

BOOST_AUTO_TEST_CASE(a_wait_that_runs_out_is_7_with_a_way_to_follow) {
  BOOST_TEST(troupe({"send", "desk/a", "1", "-t", "quote", "--wait=1"}) == 7);
  BOOST_TEST(out.str() == "01MESSAGE\n");
  BOOST_TEST(err.str().find("troupe trace DRAWN -f") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_agent_that_fails_is_1) {
  node.on_inject = [](const inject_request&) {
    return with_reply(outcome::failure("agent.crashed", "it threw"));
  };
  BOOST_TEST(troupe({"send", "desk/a", "1", "-t", "quote", "--wait"}) == 1);
  BOOST_TEST(err.str().find("agent.crashed: it threw") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_idempotency_key_is_handed_on) {
  BOOST_TEST(troupe({"send", "desk/a", "1", "-t", "buy", "--idempotency-key", "k7"}) == 0);
  BOOST_TEST(node.injected().at(0).idempotency_key == "k7");
}

BOOST_AUTO_TEST_CASE(a_key_that_stands_for_something_else_is_5) {
  node.on_inject = [](const inject_request&) -> result<inject_answer> {
    return fail(fault::conflict, "the key stands for another body");
  };
  BOOST_TEST(troupe({"send", "desk/a", "1", "-t", "buy"}) == 5);
}

BOOST_AUTO_TEST_CASE(an_id_that_is_none_is_2) {
  BOOST_TEST(troupe({"send", "no-slash", "1", "-t", "x"}) == 2);
}

BOOST_AUTO_TEST_CASE(as_json_a_receipt_carries_its_trace) {
  BOOST_TEST(troupe({"send", "desk/a", "1", "-t", "buy", "-o", "json", "--trace", "mine"}) == 0);
  BOOST_TEST(document()["trace"] == "mine");
  BOOST_TEST(document()["state"] == "submitted");
}

BOOST_AUTO_TEST_SUITE_END()
