#include "runtime/base/time.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;

BOOST_AUTO_TEST_SUITE(base_time)

BOOST_AUTO_TEST_CASE(an_instant_is_written_in_utc_with_milliseconds) {
  BOOST_TEST(to_rfc3339(from_ms(0)) == "1970-01-01T00:00:00.000Z");
  BOOST_TEST(to_rfc3339(from_ms(1'795'199'880'042)) == "2026-11-20T18:38:00.042Z");
}

BOOST_AUTO_TEST_CASE(a_leap_day_is_a_day) {
  BOOST_TEST(to_rfc3339(from_ms(1'709'164'800'000)) == "2024-02-29T00:00:00.000Z");
}

BOOST_AUTO_TEST_CASE(an_instant_before_the_epoch_is_written_too) {
  BOOST_TEST(to_rfc3339(from_ms(-1)) == "1969-12-31T23:59:59.999Z");
}

BOOST_AUTO_TEST_CASE(what_does_not_happen_is_never) { BOOST_TEST(to_rfc3339(never) == "never"); }

BOOST_AUTO_TEST_CASE(milliseconds_and_instants_are_inverse) {
  BOOST_TEST(to_ms(from_ms(1'795'199'880'042)) == 1'795'199'880'042);
}

BOOST_AUTO_TEST_CASE(later_is_later) { BOOST_TEST((later(from_ms(5), milliseconds(7)) == from_ms(12))); }

BOOST_AUTO_TEST_CASE(later_may_lie_in_the_past) {
  BOOST_TEST((later(from_ms(5), milliseconds(-7)) == from_ms(-2)));
}

BOOST_AUTO_TEST_CASE(beyond_the_end_of_time_is_never) {
  BOOST_TEST((later(from_ms(5), milliseconds::max()) == never));
  BOOST_TEST((later(never, milliseconds(1)) == never));
  BOOST_TEST((later(never, milliseconds(0)) == never));
}

BOOST_AUTO_TEST_SUITE_END()
