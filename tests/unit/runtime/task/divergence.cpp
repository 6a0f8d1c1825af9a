#include "tests/unit/runtime/task/driven_task.hpp"

#include "runtime/base/object.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>

using namespace troupe;
using troupe::test::driven_task;
using ended = turn_result::state;

namespace {

// The task as it ran: one call, one answer, a send, a timer.
task<json> as_it_was(context& ctx, json) {
  json price = co_await ctx.call("desk/other", "price", json("tea"));
  ctx.send("desk/log", "seen", price);
  co_await ctx.sleep(milliseconds(7));
  co_return price;
}

// The same with one difference each.
task<json> other_verb(context& ctx, json) {
  co_await ctx.sleep(milliseconds(7));
  co_return json();
}

task<json> other_target(context& ctx, json) {
  co_return co_await ctx.call("desk/third", "price", json("tea"));
}

task<json> other_type(context& ctx, json) { co_return co_await ctx.call("desk/other", "stock", json("tea")); }

task<json> other_arguments(context& ctx, json) {
  co_return co_await ctx.call("desk/other", "price", json("mate"));
}

task<json> ends_early(context&, json) { co_return "done"; }

task<json> fails_early(context&, json) {
  throw effect_failed("invalid", "changed my mind");
  co_return json();
}

task<json> crashes_early(context&, json) {
  throw std::runtime_error("a new defect");
  co_return json();
}

task<json> calls_too(context& ctx) { co_return co_await ctx.call("desk/other", "price", json("tea")); }

task<json> also_sleeps(context& ctx) {
  co_await ctx.sleep(milliseconds(7));
  co_return json();
}

task<json> two_branches(context& ctx, json) {
  auto all = when_all(ctx, tasks(calls_too(ctx), also_sleeps(ctx)));
  co_await all;
  co_return json();
}

task<json> one_branch(context& ctx, json) {
  auto all = when_all(ctx, tasks(calls_too(ctx)));
  co_await all;
  co_return json();
}

task<json> no_send(context& ctx, json) {
  json price = co_await ctx.call("desk/other", "price", json("tea"));
  co_await ctx.sleep(milliseconds(7));
  co_return price;
}

task<json> sends_elsewhere(context& ctx, json) {
  json price = co_await ctx.call("desk/other", "price", json("tea"));
  ctx.send("desk/elsewhere", "seen", price);
  co_await ctx.sleep(milliseconds(7));
  co_return price;
}

task<json> sends_other_words(context& ctx, json) {
  co_await ctx.call("desk/other", "price", json("tea"));
  ctx.send("desk/log", "seen", json("nothing"));
  co_await ctx.sleep(milliseconds(7));
  co_return json();
}

task<json> sends_twice(context& ctx, json) {
  json price = co_await ctx.call("desk/other", "price", json("tea"));
  ctx.send("desk/log", "seen", price);
  ctx.send("desk/log", "seen", price);
  co_await ctx.sleep(milliseconds(7));
  co_return price;
}

task<json> sends_elsewhere_and_swallows(context& ctx, json) {
  co_await ctx.call("desk/other", "price", json("tea"));
  for (int i = 0; i < 3; ++i)
    ctx.send("desk/elsewhere", "seen", json(i));
  auto got = co_await ctx.try_call("desk/elsewhere", "price", json());
  co_return got.has_value();
}

task<json> ends_after_the_call(context& ctx, json) {
  json price = co_await ctx.call("desk/other", "price", json("tea"));
  ctx.send("desk/log", "seen", price);
  co_return price;
}

task<json> versioned(context& ctx, json) {
  ctx.version("wording", 2);
  co_await ctx.sleep(milliseconds(7));
  co_return json();
}

task<json> unversioned(context& ctx, json) {
  co_await ctx.sleep(milliseconds(7));
  co_return json();
}

/// Two turns of `as_it_was`.
std::unique_ptr<driven_task> lived() {
  auto t = std::make_unique<driven_task>(as_it_was);
  t->start();
  t->answer("0/0", 12);
  return t;
}

std::string difference(handler changed) {
  driven_task again(*lived(), changed);
  BOOST_TEST(again.ended() == ended::diverged);
  return again.last.problem;
}

bool says(const std::string& problem, std::string_view words) { return problem.find(words) != problem.npos; }

} // namespace

BOOST_AUTO_TEST_SUITE(task_divergence)

BOOST_AUTO_TEST_CASE(the_same_handler_does_not_diverge) {
  driven_task again(*lived(), as_it_was);
  BOOST_TEST(again.ended() == ended::suspended);
}

BOOST_AUTO_TEST_CASE(another_verb_is_named_with_the_one_it_replaced) {
  const auto problem = difference(other_verb);
  BOOST_TEST(says(problem, "the handler now asks for sleep (effect 0/0"));
  BOOST_TEST(says(problem, "its journal holds call desk/other price (effect 0/0"));
}

BOOST_AUTO_TEST_CASE(another_receiver_is_named_with_the_one_it_replaced) {
  const auto problem = difference(other_target);
  BOOST_TEST(says(problem, "asks for call desk/third price"));
  BOOST_TEST(says(problem, "holds call desk/other price"));
}

BOOST_AUTO_TEST_CASE(another_message_type_is_named_with_the_one_it_replaced) {
  BOOST_TEST(says(difference(other_type), "asks for call desk/other stock"));
}

BOOST_AUTO_TEST_CASE(other_arguments_differ_by_their_hash) {
  const auto problem = difference(other_arguments);
  const auto now = problem.find("arguments #");
  const auto then = problem.rfind("arguments #");
  BOOST_REQUIRE(now != then);
  BOOST_TEST(problem.substr(now, 18) != problem.substr(then, 18));
}

BOOST_AUTO_TEST_CASE(an_effect_too_many_is_named) {
  driven_task t(one_branch);
  t.start();
  driven_task again(t, two_branches);
  BOOST_TEST(again.ended() == ended::diverged);
  BOOST_TEST(says(again.last.problem, "asks for sleep (effect 0.1/0"));
  BOOST_TEST(says(again.last.problem, "holds no further effect in this turn"));
}

BOOST_AUTO_TEST_CASE(a_missing_effect_is_named) {
  driven_task t(two_branches);
  t.start();
  driven_task again(t, one_branch);
  BOOST_TEST(again.ended() == ended::diverged);
  BOOST_TEST(says(again.last.problem, "asks for no further effect in this turn"));
  BOOST_TEST(says(again.last.problem, "holds sleep (effect 0.1/0"));
}

BOOST_AUTO_TEST_CASE(a_handler_that_ends_too_early_diverges) {
  BOOST_TEST(says(difference(ends_early), "holds call desk/other price"));
}

BOOST_AUTO_TEST_CASE(a_handler_that_fails_too_early_diverges) {
  BOOST_TEST(says(difference(fails_early), "holds call desk/other price"));
}

BOOST_AUTO_TEST_CASE(a_handler_that_ends_in_a_turn_it_outlived_diverges) {
  BOOST_TEST(says(difference(ends_after_the_call), "holds sleep (effect 0/2"));
}

BOOST_AUTO_TEST_CASE(a_crash_in_a_replay_is_a_crash) {
  driven_task again(*lived(), crashes_early);
  BOOST_TEST(again.ended() == ended::crashed);
  BOOST_TEST(again.last.problem == "a new defect");
}

BOOST_AUTO_TEST_CASE(a_send_left_out_moves_what_follows) {
  const auto problem = difference(no_send);
  BOOST_TEST(says(problem, "asks for sleep (effect 0/1"));
  BOOST_TEST(says(problem, "holds sleep (effect 0/2"));
}

BOOST_AUTO_TEST_CASE(a_send_elsewhere_is_named_with_the_one_it_replaced) {
  const auto problem = difference(sends_elsewhere);
  BOOST_TEST(says(problem, "asks for send desk/elsewhere seen"));
  BOOST_TEST(says(problem, "holds send desk/log seen"));
}

BOOST_AUTO_TEST_CASE(a_send_with_other_words_differs) {
  BOOST_TEST(says(difference(sends_other_words), "asks for send desk/log seen"));
}

BOOST_AUTO_TEST_CASE(a_send_too_many_is_named) {
  BOOST_TEST(says(difference(sends_twice), "asks for send desk/log seen (effect 0/2"));
}

BOOST_AUTO_TEST_CASE(the_first_difference_is_the_one_named) {
  const auto problem = difference(sends_elsewhere_and_swallows);
  BOOST_TEST(says(problem, "asks for send desk/elsewhere seen (effect 0/1"));
  BOOST_TEST(says(problem, "holds send desk/log seen (effect 0/1"));
}

BOOST_AUTO_TEST_CASE(a_version_taken_out_while_a_task_is_open_diverges) {
  driven_task t(versioned);
  t.start();
  driven_task again(t, unversioned);
  BOOST_TEST(again.ended() == ended::diverged);
  BOOST_TEST(says(again.last.problem, "holds version wording"));
}

BOOST_AUTO_TEST_CASE(an_answer_to_nothing_diverges) {
  driven_task t(as_it_was);
  t.start();
  turn_record strange;
  strange.resumed_by = "0/7";
  const auto came = t.run->replay(strange);
  BOOST_TEST(came.ended == ended::diverged);
  BOOST_TEST(says(came.problem, "nothing for effect 0/7"));
}

BOOST_AUTO_TEST_CASE(a_journal_without_its_first_turn_diverges) {
  auto t = lived();
  t->journal.erase(t->journal.begin());
  driven_task again(*t, as_it_was);
  BOOST_TEST(again.ended() == ended::diverged);
}

BOOST_AUTO_TEST_SUITE_END()
