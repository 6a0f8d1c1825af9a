#include "gateway/http/guard.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe::gateway;

namespace {

raw_request with(named_values headers, http_method method = http_method::get) {
  raw_request request;
  request.method = method;
  request.headers = std::move(headers);
  return request;
}

} // namespace

BOOST_AUTO_TEST_SUITE(door_guards)

BOOST_AUTO_TEST_CASE(localhost_with_a_port_is_served) {
  BOOST_TEST(!check_host(with({{"host", "localhost:7070"}})));
}

BOOST_AUTO_TEST_CASE(an_ipv6_loopback_host_is_served) {
  BOOST_TEST(!check_host(with({{"host", "[::1]:7070"}})));
}

BOOST_AUTO_TEST_CASE(a_foreign_host_is_refused) {
  BOOST_TEST(check_host(with({{"host", "evil.example:7070"}})).value().status == 403u);
}

BOOST_AUTO_TEST_CASE(a_name_that_only_begins_like_loopback_is_refused) {
  BOOST_TEST(check_host(with({{"host", "127.0.0.1.evil.example"}})).has_value());
}

BOOST_AUTO_TEST_CASE(a_host_that_only_ends_like_loopback_is_refused) {
  BOOST_TEST(check_host(with({{"host", "evil.localhost"}})).has_value());
}

BOOST_AUTO_TEST_CASE(user_information_in_the_host_is_refused) {
  BOOST_TEST(check_host(with({{"host", "localhost:1@evil.example"}})).has_value());
}

BOOST_AUTO_TEST_CASE(a_missing_host_is_refused) { BOOST_TEST(check_host(with({})).value().status == 400u); }

BOOST_AUTO_TEST_CASE(two_hosts_are_refused) {
  BOOST_TEST(check_host(with({{"host", "localhost"}, {"host", "localhost"}})).has_value());
}

BOOST_AUTO_TEST_CASE(programs_send_no_origin) {
  BOOST_TEST(!check_origin(with({{"host", "localhost:7070"}})));
}

BOOST_AUTO_TEST_CASE(the_page_of_this_node_may_call) {
  BOOST_TEST(!check_origin(with({{"host", "localhost:7070"}, {"origin", "http://LOCALHOST:7070"}})));
}

BOOST_AUTO_TEST_CASE(another_port_on_this_machine_is_another_origin) {
  BOOST_TEST(
      check_origin(with({{"host", "localhost:7070"}, {"origin", "http://localhost:3000"}})).has_value());
}

BOOST_AUTO_TEST_CASE(a_sandboxed_page_is_refused) {
  BOOST_TEST(check_origin(with({{"host", "localhost:7070"}, {"origin", "null"}})).value().status == 403u);
}

BOOST_AUTO_TEST_CASE(json_with_a_charset_is_json) {
  auto request = with({{"content-type", "Application/JSON; charset=utf-8"}}, http_method::post);
  BOOST_TEST(!check_content_type(request));
}

BOOST_AUTO_TEST_CASE(a_form_is_refused) {
  auto request = with({{"content-type", "text/plain"}}, http_method::post);
  BOOST_TEST(check_content_type(request).value().status == 415u);
}

BOOST_AUTO_TEST_CASE(a_post_without_a_content_type_is_refused) {
  BOOST_TEST(check_content_type(with({}, http_method::post)).has_value());
}

BOOST_AUTO_TEST_CASE(a_get_needs_no_content_type) { BOOST_TEST(!check_content_type(with({}))); }

BOOST_AUTO_TEST_CASE(all_interfaces_are_refused_with_a_hint) {
  auto address = checked_bind_address("0.0.0.0");
  BOOST_REQUIRE(!address);
  BOOST_TEST((address.error().what == troupe::fault::refused));
  BOOST_TEST(!address.error().hint.empty());
}

BOOST_AUTO_TEST_CASE(localhost_is_bound_by_its_address) {
  BOOST_TEST(checked_bind_address("localhost").value() == "127.0.0.1");
}

BOOST_AUTO_TEST_SUITE_END()
