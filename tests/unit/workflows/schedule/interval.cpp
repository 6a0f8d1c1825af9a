#include "workflows/schedule/interval.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;
using workflow::interval;

BOOST_AUTO_TEST_SUITE(schedule_intervals)

BOOST_AUTO_TEST_CASE(instants_are_counted_from_the_anchor) {
  const auto quarter = interval::make(std::chrono::minutes(15), from_ms(1'000)).value();
  BOOST_TEST((quarter.next(from_ms(0)) == from_ms(1'000)));
  BOOST_TEST((quarter.next(from_ms(999)) == from_ms(1'000)));
  BOOST_TEST((quarter.next(from_ms(1'000)) == from_ms(901'000)));
  BOOST_TEST((quarter.next(from_ms(901'001)) == from_ms(1'801'000)));
}

BOOST_AUTO_TEST_CASE(short_intervals_are_refused) {
  for (const std::int64_t ms : {-1, 0, 1, 999})
    BOOST_TEST(interval::make(milliseconds(ms), from_ms(0)).error().message ==
                   "a schedule comes at most every 1s",
               ms);
  BOOST_TEST(interval::make(milliseconds(1'000), from_ms(0)).has_value());
}

BOOST_AUTO_TEST_CASE(nothing_comes_beyond_the_end_of_time) {
  const auto daily = interval::make(std::chrono::days(1), from_ms(0)).value();
  BOOST_TEST(!daily.next(never - milliseconds(5)).has_value());
  BOOST_TEST(!interval::make(std::chrono::days(1), from_ms(-5)).value().next(never).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
