#include "cli/test_switches.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;
using cli::read_test_switches;

BOOST_AUTO_TEST_SUITE(test_switches)

BOOST_AUTO_TEST_CASE(without_the_variables_nothing_is_switched) {
  auto read = read_test_switches({{"HOME", "/root"}});
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST(read->warning == "");
  BOOST_TEST(!read->store.no_dedupe);
}

BOOST_AUTO_TEST_CASE(each_word_switches_its_guarantee_off_and_is_told) {
  auto read = read_test_switches({{"TROUPE_UNSAFE_FOR_TESTS", "no_dedupe,open_gate"}});
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST(read->store.no_dedupe);
  BOOST_TEST(read->open_gate);
  BOOST_TEST(!read->store.no_fence);
  BOOST_TEST(read->warning.find("no_dedupe,open_gate") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_unknown_word_is_refused) {
  auto read = read_test_switches({{"TROUPE_UNSAFE_FOR_TESTS", "no_gravity"}});
  BOOST_REQUIRE(!read.has_value());
  BOOST_TEST(read.error().message.find("no_gravity") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_crash_point_may_say_at_which_passage) {
  auto read = read_test_switches({{"TROUPE_CRASH_AT", "gate.before_release:3"}});
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST(read->crash_at == "gate.before_release");
  BOOST_TEST(read->crash_passes == 3u);
}

BOOST_AUTO_TEST_CASE(a_crash_point_nobody_passes_is_refused) {
  BOOST_TEST(!read_test_switches({{"TROUPE_CRASH_AT", "gate.of_heaven"}}).has_value());
}

BOOST_AUTO_TEST_CASE(a_passage_that_is_no_number_is_refused) {
  BOOST_TEST(!read_test_switches({{"TROUPE_CRASH_AT", "gate.before_release:soon"}}).has_value());
  BOOST_TEST(!read_test_switches({{"TROUPE_CRASH_AT", "gate.before_release:0"}}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
