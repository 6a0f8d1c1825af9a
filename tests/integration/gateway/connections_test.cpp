#include "tests/integration/gateway/door_fixture.hpp"

#include <future>
#include <vector>

using namespace troupe;
using namespace troupe::test;
using namespace std::chrono_literals;

namespace {

const std::string message = R"({"type":"buy","body":1})";
const std::string inbox = "/v1/agents/desk/a/messages";

std::vector<raw_response> ask_all(std::vector<raw_client>& clients, const std::string& request) {
  for (auto& client : clients)
    client.send(request);
  std::vector<raw_response> answers;
  for (auto& client : clients)
    answers.push_back(client.read());
  return answers;
}

std::size_t count_of(const std::vector<raw_response>& answers, int status) {
  return static_cast<std::size_t>(
      std::ranges::count_if(answers, [&](const auto& answer) { return answer.status == status; }));
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(connections, door_fixture)

BOOST_AUTO_TEST_CASE(a_message_goes_in_and_its_receipt_comes_out) {
  auto client = connect();
  client.send(post_request(inbox, message));
  auto answer = client.read();
  BOOST_TEST(answer.status == 202);
  BOOST_TEST(answer.body == R"({"id":"01MESSAGE","state":"submitted"})");
  BOOST_TEST(answer.says("X-Correlation-Id: "));
}

BOOST_AUTO_TEST_CASE(a_connection_serves_one_request_after_the_other) {
  auto client = connect();
  client.send(get_request("/livez"));
  BOOST_TEST(client.read().status == 200);
  client.send(get_request("/readyz"));
  BOOST_TEST(client.read().status == 200);
}

BOOST_AUTO_TEST_CASE(pipelined_requests_are_answered_in_order) {
  auto client = connect();
  client.send(get_request("/livez") + get_request("/nowhere") + post_request(inbox, message) +
              get_request("/livez"));
  BOOST_TEST(client.read().status == 200);
  BOOST_TEST(client.read().status == 404);
  BOOST_TEST(client.read().status == 202);
  BOOST_TEST(client.read().status == 200);
}

BOOST_AUTO_TEST_CASE(head_has_the_length_but_no_body) {
  auto client = connect();
  client.send("HEAD /livez HTTP/1.1\r\nHost: localhost\r\n\r\n" + get_request("/livez"));
  auto head = client.read(false);
  BOOST_TEST(head.status == 200);
  BOOST_TEST(head.says("Content-Length: 18\r\n"));
  BOOST_TEST(client.read().body == R"({"status":"alive"})");
}

BOOST_AUTO_TEST_CASE(a_client_that_wants_to_close_is_closed) {
  auto client = connect();
  client.send("GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  BOOST_TEST(client.read().says("Connection: close"));
  BOOST_TEST(client.is_closed_within(5s));
}

BOOST_AUTO_TEST_CASE(a_chunked_body_is_read_whole) {
  auto client = connect();
  client.send(
      "POST " + inbox +
      " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
      "8\r\n{\"type\":\r\n6\r\n\"buy\"}\r\n0\r\n\r\n");
  BOOST_TEST(client.read().status == 202);
  BOOST_TEST(node.injected().at(0).type == "buy");
}

BOOST_AUTO_TEST_CASE(a_client_may_ask_before_it_sends_the_body) {
  auto client = connect();
  client.send("POST " + inbox +
              " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n"
              "Content-Length: " +
              std::to_string(message.size()) + "\r\n\r\n");
  BOOST_TEST(client.read(false).status == 100);
  client.send(message);
  BOOST_TEST(client.read().status == 202);
}

BOOST_AUTO_TEST_CASE(sixty_four_connections_are_served_at_once) {
  node.hold();
  std::vector<raw_client> clients;
  std::generate_n(std::back_inserter(clients), 64, [this] { return connect(); });
  auto answers =
      std::async(std::launch::async, [&] { return ask_all(clients, post_request(inbox, message)); });
  BOOST_TEST(node.wait_for_injects(64));
  node.release();
  BOOST_TEST(count_of(answers.get(), 202) == 64u);
}

BOOST_AUTO_TEST_CASE(beyond_the_limit_a_connection_is_told_to_come_back) {
  limits.connections = 1;
  auto first = connect();
  first.send(get_request("/livez"));
  BOOST_TEST(first.read().status == 200);
  auto second = connect();
  auto answer = second.read();
  BOOST_TEST(answer.status == 503);
  BOOST_TEST(answer.says("Retry-After: "));
}

BOOST_AUTO_TEST_CASE(an_answer_for_a_client_that_left_harms_nobody) {
  node.hold();
  {
    auto client = connect();
    client.send(post_request(inbox, message));
    BOOST_TEST(node.wait_for_injects(1));
  }
  node.release();
  auto next = connect();
  next.send(get_request("/livez"));
  BOOST_TEST(next.read().status == 200);
}

BOOST_AUTO_TEST_CASE(an_answer_that_comes_after_the_door_is_gone_harms_nobody) {
  node.hold();
  auto client = connect();
  client.send(post_request(inbox, message));
  BOOST_TEST(node.wait_for_injects(1));
  door.reset();
  node.release();
  BOOST_TEST(client.is_closed_within(5s));
}

BOOST_AUTO_TEST_CASE(a_port_in_use_is_a_conflict_with_a_hint) {
  open();
  auto clock = std::make_shared<ticking_clock>();
  gateway::door_services services{gateway::log_book(std::make_shared<silent_log>(), clock), clock,
                                  std::make_shared<gateway::metric_registry>()};
  auto second = gateway::door::open({{"127.0.0.1", door->port(), 1}, limits}, node, services);
  BOOST_REQUIRE(!second);
  BOOST_TEST((second.error().what == fault::conflict));
  BOOST_TEST(second.error().hint.find("--port") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_address_beyond_this_machine_is_refused) {
  auto clock = std::make_shared<ticking_clock>();
  gateway::door_services services{gateway::log_book(std::make_shared<silent_log>(), clock), clock,
                                  std::make_shared<gateway::metric_registry>()};
  auto opened = gateway::door::open({{"0.0.0.0", 0, 1}, limits}, node, services);
  BOOST_REQUIRE(!opened);
  BOOST_TEST((opened.error().what == fault::refused));
}

BOOST_AUTO_TEST_SUITE_END()
