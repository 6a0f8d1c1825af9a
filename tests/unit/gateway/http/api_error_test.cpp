#include "gateway/http/api_error.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;
using namespace troupe::gateway;

BOOST_AUTO_TEST_SUITE(error_bodies)

BOOST_AUTO_TEST_CASE(pressure_says_when_to_come_back) {
  auto response = error_response(error{fault::overloaded, "the mailbox is full", "wait a little"});
  BOOST_TEST(response.status == 429u);
  BOOST_TEST(find_value(response.headers, "Retry-After").has_value());
}

BOOST_AUTO_TEST_CASE(absence_says_when_to_come_back) {
  auto response = error_response(error{fault::unavailable, "the node drains", {}});
  BOOST_TEST(response.status == 503u);
  BOOST_TEST(find_value(response.headers, "Retry-After").has_value());
}

BOOST_AUTO_TEST_CASE(a_body_names_code_message_and_hint) {
  auto response = error_response(error{fault::not_found, "no agent a/b", "troupe ps"});
  BOOST_TEST(response.body ==
             R"({"error":{"code":"not_found","hint":"troupe ps","message":"no agent a/b"}})");
}

BOOST_AUTO_TEST_CASE(a_field_is_named_when_one_is_at_fault) {
  BOOST_TEST(error_response(bad_request("unknown", {}, "boddy")).body.find(R"("field":"boddy")") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(faults_have_their_status) {
  BOOST_TEST(status_of(fault::invalid) == 400u);
  BOOST_TEST(status_of(fault::conflict) == 409u);
  BOOST_TEST(status_of(fault::refused) == 403u);
  BOOST_TEST(status_of(fault::timeout) == 504u);
  BOOST_TEST(status_of(fault::full) == 507u);
  BOOST_TEST(status_of(fault::corrupt) == 500u);
}

BOOST_AUTO_TEST_SUITE_END()
