#include "runtime/supervision/supervision_policy.hpp"

#include <boost/test/unit_test.hpp>

namespace troupe::supervision {

BOOST_AUTO_TEST_SUITE(supervision_policies)

BOOST_AUTO_TEST_CASE(the_usual_policy_is_valid) { BOOST_TEST(validated(supervision_policy{}).has_value()); }

BOOST_AUTO_TEST_CASE(names_are_read_back) {
  BOOST_CHECK(parse_strategy("rest_for_one").value() == strategy::rest_for_one);
  BOOST_CHECK(parse_restart_type("transient").value() == restart_type::transient);
}

BOOST_AUTO_TEST_CASE(an_unknown_strategy_is_refused_with_the_known_ones) {
  BOOST_TEST(parse_strategy("all_for_one").error().hint == "use one_for_one, one_for_all or rest_for_one");
}

BOOST_AUTO_TEST_CASE(an_unknown_restart_type_is_refused_with_the_known_ones) {
  BOOST_TEST(parse_restart_type("sometimes").error().hint == "use permanent, transient or temporary");
}

BOOST_AUTO_TEST_CASE(an_empty_window_is_refused) {
  supervision_policy policy;
  policy.within = milliseconds(0);
  BOOST_CHECK(validated(policy).error().what == fault::invalid);
}

BOOST_AUTO_TEST_CASE(a_longest_pause_below_the_first_is_refused) {
  supervision_policy policy;
  policy.backoff_initial = milliseconds(200);
  policy.backoff_max = milliseconds(100);
  BOOST_TEST(validated(policy).error().hint == "raise backoff_max or lower backoff_initial");
}

BOOST_AUTO_TEST_CASE(more_restarts_than_a_window_can_hold_are_refused) {
  supervision_policy policy;
  policy.max_restarts = 1'001;
  BOOST_CHECK(!validated(policy).has_value());
}

BOOST_AUTO_TEST_CASE(pauses_cannot_fill_the_window) {
  supervision_policy policy; // 3 in 10 s, pauses up to 30 s
  BOOST_TEST(policy.longest_wait().count() == 2'500);
  BOOST_CHECK(policy.longest_wait() * policy.max_restarts < policy.within);
}

BOOST_AUTO_TEST_CASE(a_long_window_leaves_the_longest_pause_alone) {
  supervision_policy policy;
  policy.within = std::chrono::hours(1);
  BOOST_CHECK(policy.longest_wait() == policy.backoff_max);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace troupe::supervision
