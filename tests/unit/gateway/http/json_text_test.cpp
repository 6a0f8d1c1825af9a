#include "gateway/http/json_text.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace troupe::gateway;

BOOST_AUTO_TEST_SUITE(json_from_strangers)

BOOST_AUTO_TEST_CASE(a_value_is_read_as_it_stands) {
  auto value = parse_json(R"({"a":[1,-2,2.5,"x",true,null,{"b":{}}]})", {});
  BOOST_REQUIRE(value);
  BOOST_TEST(json_text(*value) == R"({"a":[1,-2,2.5,"x",true,null,{"b":{}}]})");
}

BOOST_AUTO_TEST_CASE(a_key_given_twice_is_refused_by_name) {
  auto value = parse_json(R"({"a":1,"b":{"c":1,"c":2}})", {});
  BOOST_REQUIRE(!value);
  BOOST_TEST(value.error().field == "c");
}

BOOST_AUTO_TEST_CASE(the_same_key_in_two_objects_is_fine) {
  BOOST_TEST(parse_json(R"([{"a":1},{"a":2},{"a":{"a":3}}])", {}).has_value());
}

BOOST_AUTO_TEST_CASE(nesting_up_to_the_limit_is_taken) {
  http_limits limits;
  limits.json_depth = 3;
  BOOST_TEST(parse_json("[[[]]]", limits).has_value());
}

BOOST_AUTO_TEST_CASE(nesting_beyond_the_limit_is_refused) {
  http_limits limits;
  limits.json_depth = 3;
  BOOST_TEST(!parse_json("[[[[]]]]", limits));
}

BOOST_AUTO_TEST_CASE(more_values_than_the_limit_are_refused) {
  http_limits limits;
  limits.json_values = 4;
  BOOST_TEST(!parse_json("[1,2,3,4]", limits));
}

BOOST_AUTO_TEST_CASE(broken_json_is_refused_with_its_place) {
  auto value = parse_json(R"({"a":})", {});
  BOOST_REQUIRE(!value);
  BOOST_TEST(value.error().message.find("byte 6") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(text_behind_the_value_is_refused) { BOOST_TEST(!parse_json("{} {}", {})); }

BOOST_AUTO_TEST_CASE(a_number_beyond_all_bounds_is_refused) { BOOST_TEST(!parse_json("1e999", {})); }

BOOST_AUTO_TEST_CASE(text_that_is_no_utf8_is_refused) { BOOST_TEST(!parse_json("\"\xff\"", {})); }

BOOST_AUTO_TEST_CASE(an_empty_text_is_refused) { BOOST_TEST(!parse_json("", {})); }

BOOST_AUTO_TEST_CASE(large_whole_numbers_keep_all_digits) {
  BOOST_TEST(json_text(parse_json("18446744073709551615", {}).value()) == "18446744073709551615");
}

BOOST_AUTO_TEST_SUITE_END()
