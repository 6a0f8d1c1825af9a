#include "runtime/supervision/turn_watch.hpp"

#include "tests/unit/runtime/supervision/staging.hpp"

#include "config/invariant.hpp"

#include <boost/test/unit_test.hpp>

namespace troupe::supervision {

using namespace staging;

BOOST_AUTO_TEST_SUITE(turn_watches)

BOOST_AUTO_TEST_CASE(a_turn_becomes_overdue_at_its_limit) {
  turn_watch watch(milliseconds(100));
  watch.begin(1, agent("a"), "m:7:1", at(0));
  BOOST_CHECK(watch.next_due() == at(100));
  BOOST_TEST(watch.overdue(at(99)).empty());
  const std::vector<overdue_turn> found = watch.overdue(at(100));
  BOOST_REQUIRE(found.size() == 1u);
  BOOST_CHECK(found[0].agent == agent("a"));
  BOOST_TEST(found[0].subject == "m:7:1");
  BOOST_CHECK(found[0].since == at(0));
}

BOOST_AUTO_TEST_CASE(an_overdue_turn_is_named_once_and_stays_stuck) {
  turn_watch watch(milliseconds(100));
  watch.begin(1, agent("a"), "m:7:1", at(0));
  watch.overdue(at(100));
  BOOST_TEST(watch.overdue(at(200)).empty());
  BOOST_TEST(watch.stuck(at(200)).size() == 1u);
  BOOST_CHECK(watch.next_due() == never);
}

BOOST_AUTO_TEST_CASE(a_turn_that_ended_is_not_overdue) {
  turn_watch watch(milliseconds(100));
  watch.begin(1, agent("a"), "m:7:1", at(0));
  BOOST_TEST(watch.end(1));
  BOOST_TEST(watch.overdue(at(500)).empty());
  BOOST_TEST(watch.running() == 0u);
}

BOOST_AUTO_TEST_CASE(overdue_turns_come_oldest_first) {
  turn_watch watch(milliseconds(100));
  watch.begin(1, agent("young"), "m:7:2", at(50));
  watch.begin(2, agent("old"), "m:7:1", at(0));
  const std::vector<overdue_turn> found = watch.overdue(at(500));
  BOOST_REQUIRE(found.size() == 2u);
  BOOST_CHECK(found[0].agent == agent("old"));
}

BOOST_AUTO_TEST_CASE(ending_an_unknown_turn_says_so) {
  turn_watch watch(milliseconds(100));
  BOOST_TEST(!watch.end(1));
}

BOOST_AUTO_TEST_CASE(two_turns_with_one_number_break_an_invariant) {
  turn_watch watch(milliseconds(100));
  watch.begin(1, agent("a"), "m:7:1", at(0));
  BOOST_CHECK_THROW(watch.begin(1, agent("b"), "m:7:2", at(0)), broken_invariant);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace troupe::supervision
