#include "runtime/supervision/one_at_a_time.hpp"

#include "tests/unit/runtime/supervision/staging.hpp"

#include <boost/test/unit_test.hpp>

namespace troupe::supervision {

using namespace staging;

namespace {

one_at_a_time two_suspects() { return one_at_a_time({agent("a"), agent("b")}, milliseconds(5'000)); }

} // namespace

BOOST_AUTO_TEST_SUITE(suspects_one_at_a_time)

BOOST_AUTO_TEST_CASE(without_suspects_there_is_nothing_to_do) {
  one_at_a_time nobody({});
  BOOST_TEST(nobody.done());
  BOOST_TEST(!nobody.next(at(0)).has_value());
  BOOST_CHECK(nobody.next_due() == never);
}

BOOST_AUTO_TEST_CASE(the_second_suspect_waits_for_the_first_ones_turn) {
  one_at_a_time suspects = two_suspects();
  BOOST_CHECK(suspects.next(at(0)) == agent("a"));
  BOOST_TEST(!suspects.next(at(1)).has_value());
  suspects.turn_ended(agent("a"));
  BOOST_CHECK(suspects.next(at(2)) == agent("b"));
}

BOOST_AUTO_TEST_CASE(nobody_is_waited_for_longer_than_the_limit) {
  one_at_a_time suspects = two_suspects();
  suspects.next(at(0));
  BOOST_CHECK(suspects.next_due() == at(5'000));
  BOOST_TEST(!suspects.next(at(4'999)).has_value());
  BOOST_CHECK(suspects.next(at(5'000)) == agent("b"));
}

BOOST_AUTO_TEST_CASE(mail_may_not_activate_a_suspect_before_its_time) {
  one_at_a_time suspects = two_suspects();
  suspects.next(at(0));
  BOOST_TEST(!suspects.holds(agent("a")));
  BOOST_TEST(suspects.holds(agent("b")));
  BOOST_TEST(!suspects.holds(agent("c")));
}

BOOST_AUTO_TEST_CASE(the_turns_of_others_let_nobody_pass) {
  one_at_a_time suspects = two_suspects();
  suspects.next(at(0));
  suspects.turn_ended(agent("b"));
  BOOST_TEST(!suspects.next(at(1)).has_value());
}

BOOST_AUTO_TEST_CASE(a_suspect_named_twice_starts_once) {
  one_at_a_time suspects({agent("a"), agent("a")}, milliseconds(5'000));
  suspects.next(at(0));
  suspects.turn_ended(agent("a"));
  BOOST_TEST(suspects.done());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace troupe::supervision
