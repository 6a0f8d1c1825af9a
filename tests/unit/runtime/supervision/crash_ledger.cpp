#include "runtime/supervision/crash_ledger.hpp"

#include "config/invariant.hpp"

#include <boost/test/unit_test.hpp>

namespace troupe::supervision {

BOOST_AUTO_TEST_SUITE(crash_ledgers)

BOOST_AUTO_TEST_CASE(the_third_crash_ends_the_subject) {
  crash_ledger ledger;
  const std::string subject = message_subject(7, 12);
  BOOST_TEST(!ledger.crashed(subject).must_end);
  BOOST_TEST(!ledger.crashed(subject).must_end);
  const crash_ledger::ruling third = ledger.crashed(subject);
  BOOST_TEST(third.must_end);
  BOOST_TEST(third.count == 3u);
}

BOOST_AUTO_TEST_CASE(stored_counts_go_on_after_a_restart) {
  crash_ledger ledger;
  ledger.load(message_subject(7, 12), 2);
  BOOST_TEST(ledger.crashed(message_subject(7, 12)).must_end);
}

BOOST_AUTO_TEST_CASE(a_count_stored_beyond_a_lowered_limit_ends_the_subject) {
  crash_ledger ledger(2);
  ledger.load(message_subject(7, 12), 5);
  BOOST_TEST(ledger.crashed(message_subject(7, 12)).must_end);
}

BOOST_AUTO_TEST_CASE(subjects_are_counted_apart) {
  crash_ledger ledger;
  ledger.crashed(message_subject(7, 12));
  ledger.crashed(message_subject(7, 13));
  BOOST_TEST(ledger.crashed(task_subject("T", 12)).count == 1u);
  BOOST_TEST(ledger.rows().size() == 3u);
}

BOOST_AUTO_TEST_CASE(a_subject_that_ended_leaves_no_row) {
  crash_ledger ledger(1);
  BOOST_TEST(ledger.crashed(message_subject(7, 12)).must_end);
  BOOST_TEST(ledger.rows().empty());
}

BOOST_AUTO_TEST_CASE(a_committed_turn_settles_its_subject) {
  crash_ledger ledger;
  ledger.crashed(message_subject(7, 12));
  BOOST_TEST(ledger.settled(message_subject(7, 12)));
  BOOST_TEST(ledger.count(message_subject(7, 12)) == 0u);
}

BOOST_AUTO_TEST_CASE(settling_what_never_crashed_erases_nothing) {
  crash_ledger ledger;
  BOOST_TEST(!ledger.settled(message_subject(7, 12)));
}

BOOST_AUTO_TEST_CASE(a_task_that_ended_takes_all_its_counts_along) {
  crash_ledger ledger;
  ledger.crashed(task_subject("T1", 3));
  ledger.crashed(task_subject("T1", 4));
  ledger.crashed(task_subject("T12", 3));
  BOOST_TEST(ledger.task_settled("T1") == 2u);
  BOOST_TEST(ledger.count(task_subject("T12", 3)) == 1u);
}

BOOST_AUTO_TEST_CASE(a_subject_tells_its_task) {
  BOOST_TEST(task_of_subject(task_subject("01ARZ3NDEKTSV4RRFFQ69G5FAV", 9)) == "01ARZ3NDEKTSV4RRFFQ69G5FAV");
  BOOST_TEST(task_of_subject(message_subject(7, 12)).empty());
  BOOST_TEST(task_of_subject("t:").empty());
}

BOOST_AUTO_TEST_CASE(a_limit_of_no_crashes_breaks_an_invariant) {
  BOOST_CHECK_THROW(crash_ledger(0), broken_invariant);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace troupe::supervision
