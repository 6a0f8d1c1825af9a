#include "tests/integration/gateway/door_fixture.hpp"

#include <future>

using namespace troupe;
using namespace troupe::test;
using namespace std::chrono_literals;

namespace {

const std::string message = R"({"type":"buy"})";
const std::string inbox = "/v1/agents/desk/a/messages";

} // namespace

BOOST_FIXTURE_TEST_SUITE(draining, door_fixture)

BOOST_AUTO_TEST_CASE(idle_connections_are_closed) {
  auto client = connect();
  client.send(get_request("/livez"));
  BOOST_TEST(client.read().status == 200);
  BOOST_TEST(door->drain(5s));
  BOOST_TEST(client.is_closed_within(5s));
}

BOOST_AUTO_TEST_CASE(a_running_request_is_answered_first) {
  node.hold();
  auto client = connect();
  client.send(post_request(inbox, message));
  BOOST_TEST(node.wait_for_injects(1));
  auto drained = std::async(std::launch::async, [&] { return door->drain(10s); });
  node.release();
  auto answer = client.read();
  BOOST_TEST(answer.status == 202);
  BOOST_TEST(drained.get());
}

BOOST_AUTO_TEST_CASE(who_takes_longer_than_the_limit_is_cut_off) {
  node.hold();
  auto client = connect();
  client.send(post_request(inbox, message));
  BOOST_TEST(node.wait_for_injects(1));
  BOOST_TEST(!door->drain(20ms));
  BOOST_TEST(client.is_closed_within(5s));
  node.release();
}

BOOST_AUTO_TEST_CASE(a_drained_door_takes_no_new_connection) {
  open();
  const auto port = door->port();
  BOOST_TEST(door->drain(5s));
  BOOST_CHECK_THROW(raw_client{port}, std::exception);
}

BOOST_AUTO_TEST_CASE(draining_twice_is_draining) {
  open();
  BOOST_TEST(door->drain(5s));
  BOOST_TEST(door->drain(5s));
}

BOOST_AUTO_TEST_SUITE_END()
