#include "gateway/http/target.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe::gateway;

BOOST_AUTO_TEST_SUITE(request_targets)

BOOST_AUTO_TEST_CASE(an_escaped_slash_stays_inside_its_segment) {
  auto target = parse_target("/v1/agents/desk/a%2Fb", {});
  BOOST_REQUIRE(target);
  BOOST_TEST(target->segments == (std::vector<std::string>{"v1", "agents", "desk", "a/b"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_query_is_decoded_with_plus_as_space) {
  auto target = parse_target("/x?name=a+b&city=%C3%84", {});
  BOOST_REQUIRE(target);
  BOOST_TEST(find_value(target->query, "name").value() == "a b");
  BOOST_TEST(find_value(target->query, "city").value() == "Ä");
}

BOOST_AUTO_TEST_CASE(a_plus_in_a_path_is_a_plus) {
  auto target = parse_target("/a+b", {});
  BOOST_REQUIRE(target);
  BOOST_TEST(target->segments.front() == "a+b");
}

BOOST_AUTO_TEST_CASE(a_broken_escape_is_refused) {
  BOOST_TEST(parse_target("/a%2", {}).error().status == 400u);
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_utf8_are_refused) {
  BOOST_TEST(parse_target("/%ff%fe", {}).error().status == 400u);
}

BOOST_AUTO_TEST_CASE(an_overlong_slash_is_refused) { BOOST_TEST(!parse_target("/a%C0%AFb", {})); }

BOOST_AUTO_TEST_CASE(a_nul_byte_is_refused) { BOOST_TEST(!parse_target("/a%00b", {})); }

BOOST_AUTO_TEST_CASE(an_absolute_target_is_refused) {
  BOOST_TEST(!parse_target("http://elsewhere/v1/agents", {}));
}

BOOST_AUTO_TEST_CASE(a_parameter_given_twice_is_refused_by_name) {
  auto target = parse_target("/x?limit=1&limit=2", {});
  BOOST_REQUIRE(!target);
  BOOST_TEST(target.error().field == "limit");
}

BOOST_AUTO_TEST_CASE(a_target_beyond_the_limit_is_too_long) {
  http_limits limits;
  limits.target_bytes = 8;
  BOOST_TEST(parse_target("/123456789", limits).error().status == 414u);
}

BOOST_AUTO_TEST_CASE(what_is_encoded_decodes_to_itself) {
  const std::string text = "lead 42/ä%+&=?";
  BOOST_TEST(percent_decode(percent_encode(text), false).value() == text);
}

BOOST_AUTO_TEST_SUITE_END()
