#include "tests/integration/gateway/door_fixture.hpp"

using namespace troupe;
using namespace troupe::test;
using namespace std::chrono_literals;

namespace {

const std::string inbox = "/v1/agents/desk/a/messages";

} // namespace

BOOST_FIXTURE_TEST_SUITE(refusals, door_fixture)

BOOST_AUTO_TEST_CASE(a_foreign_host_is_refused_and_the_connection_lives_on) {
  auto client = connect();
  client.send("GET /livez HTTP/1.1\r\nHost: evil.example\r\n\r\n" + get_request("/livez"));
  BOOST_TEST(client.read().status == 403);
  BOOST_TEST(client.read().status == 200);
}

BOOST_AUTO_TEST_CASE(a_web_page_of_another_origin_is_refused) {
  auto client = connect();
  client.send("GET /v1/agents HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n\r\n");
  BOOST_TEST(client.read().status == 403);
}

BOOST_AUTO_TEST_CASE(a_form_post_is_refused) {
  auto client = connect();
  client.send("POST " + inbox +
              " HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 14\r\n\r\n"
              "{\"type\":\"buy\"}");
  BOOST_TEST(client.read().status == 415);
  BOOST_TEST(node.injected().empty());
}

BOOST_AUTO_TEST_CASE(a_body_announced_too_large_is_refused_before_it_is_sent) {
  auto client = connect();
  client.send(
      "POST " + inbox +
      " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1048577\r\n\r\n");
  auto answer = client.read();
  BOOST_TEST(answer.status == 413);
  BOOST_TEST(answer.says("Connection: close"));
}

BOOST_AUTO_TEST_CASE(a_sender_of_too_large_a_body_still_reads_why) {
  auto client = connect();
  client.send(post_request(inbox, "\"" + std::string(2 * 1024 * 1024, 'x') + "\""));
  BOOST_TEST(client.read().status == 413);
}

BOOST_AUTO_TEST_CASE(a_chunked_body_cannot_grow_past_the_limit) {
  limits.body_bytes = 64;
  auto client = connect();
  client.send(
      "POST " + inbox +
      " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
      "60\r\n" +
      std::string(0x60, ' ') + "\r\n0\r\n\r\n");
  BOOST_TEST(client.read().status == 413);
}

BOOST_AUTO_TEST_CASE(header_fields_beyond_the_limit_are_refused) {
  auto client = connect();
  client.send("GET /livez HTTP/1.1\r\nHost: localhost\r\nX-Much: " + std::string(20'000, 'x') + "\r\n\r\n");
  BOOST_TEST(client.read().status == 431);
}

BOOST_AUTO_TEST_CASE(gibberish_is_answered_and_closed) {
  auto client = connect();
  client.send("this is no http\r\n\r\n");
  BOOST_TEST(client.read().status == 400);
  BOOST_TEST(client.is_closed_within(5s));
}

BOOST_AUTO_TEST_CASE(a_length_and_chunks_together_are_refused) {
  auto client = connect();
  client.send("POST " + inbox +
              " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 5\r\n"
              "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  BOOST_TEST(client.read().status == 400);
}

BOOST_AUTO_TEST_CASE(a_client_that_never_finishes_its_header_is_closed) {
  limits.header_time = 50ms;
  auto client = connect();
  client.send("GET /livez HTTP/1.1\r\nHost: loc");
  BOOST_TEST(client.is_closed_within(5s));
}

BOOST_AUTO_TEST_CASE(a_client_that_never_finishes_its_body_is_closed) {
  limits.body_time = 50ms;
  auto client = connect();
  client.send(
      "POST " + inbox +
      " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{");
  BOOST_TEST(client.is_closed_within(5s));
}

BOOST_AUTO_TEST_CASE(an_idle_connection_is_closed) {
  limits.idle_time = 50ms;
  auto client = connect();
  BOOST_TEST(client.is_closed_within(5s));
}

BOOST_AUTO_TEST_CASE(a_node_that_never_answers_is_a_timeout) {
  limits.handler_time = 50ms;
  node.hold();
  auto client = connect();
  client.send(post_request(inbox, R"({"type":"buy"})"));
  BOOST_TEST(client.read().status == 504);
  node.release();
}

BOOST_AUTO_TEST_SUITE_END()
