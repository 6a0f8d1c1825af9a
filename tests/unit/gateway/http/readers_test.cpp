#include "gateway/http/body_reader.hpp"
#include "gateway/http/query_reader.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe::gateway;
using std::chrono::milliseconds;

BOOST_AUTO_TEST_SUITE(readers)

BOOST_AUTO_TEST_CASE(an_unknown_field_is_refused_by_name) {
  body_reader body(R"({"type":"buy","boddy":1})", {});
  body.required_text("type", 10);
  auto problem = body.finish();
  BOOST_REQUIRE(problem);
  BOOST_TEST(problem->field == "boddy");
  BOOST_TEST(problem->hint == "known fields: type");
}

BOOST_AUTO_TEST_CASE(a_missing_field_is_refused_by_name) {
  body_reader body("{}", {});
  body.required_text("type", 10);
  BOOST_TEST(body.finish().value().field == "type");
}

BOOST_AUTO_TEST_CASE(a_field_of_another_type_is_refused) {
  body_reader body(R"({"type":5})", {});
  body.required_text("type", 10);
  BOOST_TEST(body.finish().value().field == "type");
}

BOOST_AUTO_TEST_CASE(a_text_longer_than_its_limit_is_refused) {
  body_reader body(R"({"type":"abcdef"})", {});
  body.optional_text("type", 5);
  BOOST_TEST(body.finish().value().field == "type");
}

BOOST_AUTO_TEST_CASE(any_value_is_handed_on_as_text) {
  body_reader body(R"({"body":{"b":1,"a":[true]}})", {});
  BOOST_TEST(body.value("body") == R"({"a":[true],"b":1})");
  BOOST_TEST(!body.finish());
}

BOOST_AUTO_TEST_CASE(an_absent_value_is_null) {
  body_reader body("{}", {});
  BOOST_TEST(body.value("body") == "null");
}

BOOST_AUTO_TEST_CASE(a_body_that_is_no_object_is_refused) {
  BOOST_TEST(body_reader("[]", {}).finish().has_value());
}

BOOST_AUTO_TEST_CASE(an_empty_body_is_an_empty_object) { BOOST_TEST(!body_reader("", {}).finish()); }

BOOST_AUTO_TEST_CASE(seconds_are_exact_decimals) {
  const named_values given{{"wait", "1.5"}};
  BOOST_TEST(query_reader(given).seconds("wait", milliseconds(10'000)).count() == 1500);
}

BOOST_AUTO_TEST_CASE(seconds_beyond_the_limit_are_refused) {
  const named_values given{{"wait", "11"}};
  query_reader query(given);
  query.seconds("wait", milliseconds(10'000));
  BOOST_TEST(query.finish().value().field == "wait");
}

BOOST_AUTO_TEST_CASE(seconds_that_are_no_number_are_refused) {
  const named_values given{{"wait", "1s"}};
  query_reader query(given);
  query.seconds("wait", milliseconds(10'000));
  BOOST_TEST(query.finish().has_value());
}

BOOST_AUTO_TEST_CASE(negative_seconds_are_refused) {
  const named_values given{{"wait", "-1"}};
  query_reader query(given);
  query.seconds("wait", milliseconds(10'000));
  BOOST_TEST(query.finish().has_value());
}

BOOST_AUTO_TEST_CASE(a_limit_of_zero_is_refused) {
  const named_values given{{"limit", "0"}};
  query_reader query(given);
  query.count("limit", 100, 1000);
  BOOST_TEST(query.finish().value().field == "limit");
}

BOOST_AUTO_TEST_CASE(an_absent_limit_is_the_default) {
  const named_values given;
  BOOST_TEST(query_reader(given).count("limit", 100, 1000) == 100u);
}

BOOST_AUTO_TEST_CASE(an_unknown_parameter_is_refused_by_name) {
  const named_values given{{"stat", "idle"}};
  query_reader query(given);
  query.text("state", 10);
  BOOST_TEST(query.finish().value().field == "stat");
}

BOOST_AUTO_TEST_SUITE_END()
