#include "kernels/threads/side_thread.hpp"

#include <boost/test/unit_test.hpp>
#include <future>

using namespace troupe::kernels;

BOOST_AUTO_TEST_SUITE(side_threads)

BOOST_AUTO_TEST_CASE(what_was_begun_is_done_when_finish_returns) {
  side_thread beside;
  int done = 0;
  for (int i = 0; i < 1'000; ++i) {
    beside.begin([&done] { ++done; });
    beside.finish();
    BOOST_TEST_REQUIRE(done == i + 1);
  }
}

BOOST_AUTO_TEST_CASE(it_works_while_the_caller_does_something_else) {
  side_thread beside;
  std::promise<void> worked;
  beside.begin([&worked] { worked.set_value(); });
  BOOST_TEST((worked.get_future().wait_for(std::chrono::seconds(60)) == std::future_status::ready));
  beside.finish();
}

BOOST_AUTO_TEST_CASE(finishing_nothing_returns_at_once_and_two_works_at_a_time_are_refused) {
  side_thread beside;
  beside.finish();
  std::promise<void> may_end;
  beside.begin([&may_end] { may_end.get_future().wait(); });
  BOOST_CHECK_THROW(beside.begin([] {}), std::logic_error);
  may_end.set_value();
  beside.finish();
}

BOOST_AUTO_TEST_CASE(what_is_under_way_is_finished_before_it_goes) {
  bool done = false;
  {
    side_thread beside;
    beside.begin([&done] { done = true; });
  }
  BOOST_TEST(done);
}

BOOST_AUTO_TEST_SUITE_END()
