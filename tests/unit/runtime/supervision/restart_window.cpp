#include "runtime/supervision/restart_window.hpp"

#include "tests/unit/runtime/supervision/staging.hpp"

#include <boost/test/unit_test.hpp>

namespace troupe::supervision {

using namespace staging;

BOOST_AUTO_TEST_SUITE(restart_windows)

BOOST_AUTO_TEST_CASE(a_window_admits_its_number_of_restarts_and_no_more) {
  restart_window window(2, milliseconds(100));
  BOOST_TEST(window.admit(at(0)));
  BOOST_TEST(window.admit(at(1)));
  BOOST_TEST(!window.admit(at(99)));
}

BOOST_AUTO_TEST_CASE(a_restart_leaves_the_window_after_its_length) {
  restart_window window(1, milliseconds(100));
  BOOST_TEST(window.admit(at(0)));
  BOOST_TEST(window.admit(at(100)));
  BOOST_TEST(window.count(at(150)) == 1u);
}

BOOST_AUTO_TEST_CASE(a_window_of_none_admits_none) {
  restart_window window(0, milliseconds(100));
  BOOST_TEST(!window.admit(at(0)));
}

BOOST_AUTO_TEST_CASE(pauses_double_up_to_the_longest) {
  backoff pace(milliseconds(100), milliseconds(300), milliseconds(10'000));
  fixed_random top(301 * 201 * 101 - 1); // the top of each bound in turn
  BOOST_TEST(pace.next(at(0), top).count() == 100);
  BOOST_TEST(pace.next(at(0), top).count() == 200);
  BOOST_TEST(pace.next(at(0), top).count() == 300);
  BOOST_TEST(pace.next(at(0), top).count() == 300);
}

BOOST_AUTO_TEST_CASE(a_pause_may_be_anything_below_its_bound) {
  backoff pace(milliseconds(100), milliseconds(300), milliseconds(10'000));
  fixed_random seven(7);
  BOOST_TEST(pace.next(at(0), seven).count() == 7);
}

BOOST_AUTO_TEST_CASE(a_quiet_time_starts_the_pauses_over) {
  backoff pace(milliseconds(100), milliseconds(3'000), milliseconds(1'000));
  fixed_random some(101 * 201 * 401 - 1);
  BOOST_TEST(pace.next(at(0), some).count() == 100);     // due at 100
  BOOST_TEST(pace.next(at(1'099), some).count() == 200); // due at 1,299: not yet quiet before
  BOOST_TEST(pace.next(at(2'299), some).count() == 100);
}

BOOST_AUTO_TEST_CASE(many_attempts_do_not_overflow_the_pause) {
  backoff pace(milliseconds(1), std::chrono::hours(24), std::chrono::hours(24));
  fixed_random none(0);
  for (int i = 0; i < 1'000; ++i)
    BOOST_REQUIRE(pace.next(at(i), none).count() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace troupe::supervision
