// What a turn does without an answer is compared on replay all the same: signals, timers, ephemeral messages.
#include "tests/unit/runtime/task/driven_task.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;
using troupe::test::driven_task;
using ended = turn_result::state;

namespace {

task<json> after_a_sleep(context& ctx) {
  co_await ctx.sleep(milliseconds(7));
  co_return json();
}

task<json> as_it_was(context& ctx, json) {
  ctx.signal("desk/a", "go", "7", json(1));
  ctx.set_timer("alarm", ctx.now() + milliseconds(5), "ring", json());
  ctx.clear_timer("old");
  ctx.tell("desk/b", "hint", json(2));
  co_return co_await after_a_sleep(ctx);
}

task<json> other_correlation(context& ctx, json) {
  ctx.signal("desk/a", "go", "8", json(1));
  co_return co_await after_a_sleep(ctx);
}

task<json> other_time(context& ctx, json) {
  ctx.signal("desk/a", "go", "7", json(1));
  ctx.set_timer("alarm", ctx.now() + milliseconds(6), "ring", json());
  co_return co_await after_a_sleep(ctx);
}

task<json> clears_another(context& ctx, json) {
  ctx.signal("desk/a", "go", "7", json(1));
  ctx.set_timer("alarm", ctx.now() + milliseconds(5), "ring", json());
  ctx.clear_timer("new");
  co_return co_await after_a_sleep(ctx);
}

task<json> tells_nobody(context& ctx, json) {
  ctx.signal("desk/a", "go", "7", json(1));
  ctx.set_timer("alarm", ctx.now() + milliseconds(5), "ring", json());
  ctx.clear_timer("old");
  co_return co_await after_a_sleep(ctx);
}

std::string replayed_by(handler now) {
  driven_task lived(as_it_was);
  lived.start();
  driven_task again(lived, now);
  return again.ended() == ended::diverged ? again.last.problem : "no divergence";
}

} // namespace

BOOST_AUTO_TEST_SUITE(silent_effects)

BOOST_AUTO_TEST_CASE(the_same_is_the_same) { BOOST_TEST(replayed_by(as_it_was) == "no divergence"); }

BOOST_AUTO_TEST_CASE(another_signal_is_named) {
  BOOST_TEST(replayed_by(other_correlation).find("signal desk/a go 8") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_timer_at_another_time_is_named) {
  BOOST_TEST(replayed_by(other_time).find("set_timer alarm") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(another_timer_that_is_cleared_is_named) {
  BOOST_TEST(replayed_by(clears_another).find("clear_timer new") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_message_that_is_told_no_more_is_seen_in_what_follows) {
  BOOST_TEST(replayed_by(tells_nobody).find("the handler now asks for sleep (effect 0/3") !=
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
