#include "config/expression/moment.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe::expression;

namespace {

std::string again(std::string_view text) {
  const auto read = parse_timestamp(text);
  return read ? format(*read) : "refused";
}

std::string span_again(std::string_view text) {
  const auto read = parse_duration(text);
  return read ? format(*read) : "refused";
}

} // namespace

BOOST_AUTO_TEST_SUITE(expression_moments)

BOOST_AUTO_TEST_CASE(timestamps_are_shown_in_utc) {
  BOOST_TEST(again("2009-02-13T23:31:30Z") == "2009-02-13T23:31:30Z");
  BOOST_TEST(again("2009-02-14T00:31:30.250+01:00") == "2009-02-13T23:31:30.25Z");
  BOOST_TEST(again("1969-12-31T23:59:59.000000001Z") == "1969-12-31T23:59:59.000000001Z");
}

BOOST_AUTO_TEST_CASE(what_is_no_timestamp_is_refused) {
  for (const auto* text : {"", "2009", "2009-02-29T00:00:00Z", "2009-02-13 23:31:30Z", "2009-02-13T24:00:00Z",
                           "2009-02-13T23:31:60Z", "2009-02-13T23:31:30", "2009-02-13T23:31:30.Z",
                           "2009-02-13T23:31:30.1234567891Z", "2009-02-13T23:31:30Zx",
                           "2009-02-13T23:31:30+25:00", "0000-01-01T00:00:00Z", "10000-01-01T00:00:00Z"})
    BOOST_TEST(again(text) == "refused", text);
}

BOOST_AUTO_TEST_CASE(offsets_cannot_leave_the_years_1_to_9999) {
  BOOST_TEST(again("0001-01-01T00:00:00+01:00") == "refused");
  BOOST_TEST(again("9999-12-31T23:59:59-01:00") == "refused");
  BOOST_TEST(again("0001-01-01T00:00:00-01:00") == "0001-01-01T01:00:00Z");
}

BOOST_AUTO_TEST_CASE(durations_are_sums_of_units) {
  BOOST_TEST(span_again("1h30m") == "5400s");
  BOOST_TEST(span_again("-1.5s") == "-1.5s");
  BOOST_TEST(span_again("2d") == "172800s");
  BOOST_TEST(span_again("1us1ns") == "0.000001001s");
  BOOST_TEST(span_again(".5h") == "1800s");
  BOOST_TEST(span_again("0") == "0s");
}

BOOST_AUTO_TEST_CASE(what_is_no_duration_is_refused) {
  for (const auto* text :
       {"", "-", "5", "1x", "1h 30m", "h", ".s", "320000000000s", "1e3s", "--1s", "9223372036854775808ns"})
    BOOST_TEST(span_again(text) == "refused", text);
}

BOOST_AUTO_TEST_CASE(sums_that_leave_the_range_are_nothing) {
  const auto last = parse_timestamp("9999-12-31T23:59:59.999999999Z").value();
  BOOST_TEST(!add(last, {1}).has_value());
  BOOST_TEST(add(last, {-1}).has_value());
  BOOST_TEST(!subtract(last, parse_timestamp("0001-01-01T00:00:00Z").value()).has_value());
  BOOST_TEST(!add(duration{INT64_MAX}, duration{1}).has_value());
  BOOST_TEST(!negate(duration{INT64_MIN}).has_value());
}

BOOST_AUTO_TEST_CASE(a_wall_clock_is_ahead_by_its_offset) {
  const auto t = parse_timestamp("2024-02-29T23:30:15Z").value();
  const wall_clock at = wall_clock_of(t.seconds, 3'600);
  BOOST_TEST(at.month == 3);
  BOOST_TEST(at.day == 1);
  BOOST_TEST(at.hour == 0);
  BOOST_TEST(at.minute == 30);
  BOOST_TEST(at.weekday == 5);
  BOOST_TEST(at.day_of_year == 60);
}

BOOST_AUTO_TEST_SUITE_END()
