#include "tests/unit/runtime/task/driven_task.hpp"

#include "runtime/base/object.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>

using namespace troupe;
using troupe::test::driven_task;
using ended = turn_result::state;

namespace {

task<json> ask(context& ctx, std::string what) { co_return co_await ctx.call("desk/work", what, json()); }

task<json> at_once(context&, json value) { co_return value; }

task<json> fails_at_once(context&) {
  throw effect_failed("invalid", "at once");
  co_return json();
}

task<json> sends_then_asks(context& ctx) {
  ctx.send("desk/log", "begun", json());
  co_return co_await ctx.call("desk/work", "late", json());
}

/// Undoes what it began when it is canceled.
task<json> undoes(context& ctx, std::string what) {
  auto got = co_await ctx.try_call("desk/work", what, json());
  if (!got)
    co_await ctx.call("desk/work", "undo " + what, json());
  co_return what;
}

task<json> three(context& ctx, json) {
  auto all = when_all(ctx, tasks(ask(ctx, "a"), ask(ctx, "b"), ask(ctx, "c")));
  auto values = co_await all;
  co_return json(values);
}

task<json> two_that_undo(context& ctx, json) {
  auto all = when_all(ctx, tasks(undoes(ctx, "a"), ask(ctx, "b"), undoes(ctx, "c")));
  auto values = co_await all;
  co_return json(values);
}

task<json> race(context& ctx, json) {
  auto any = when_any(ctx, tasks(ask(ctx, "a"), ask(ctx, "b"), ask(ctx, "c")));
  auto first = co_await any;
  co_return object("index", first.index, "value", first.value);
}

task<json> race_that_undoes(context& ctx, json) {
  auto any = when_any(ctx, tasks(undoes(ctx, "a"), undoes(ctx, "b")));
  auto first = co_await any;
  co_return object("index", first.index, "value", first.value);
}

task<json> race_won_at_once(context& ctx, json) {
  auto any = when_any(ctx, tasks(at_once(ctx, "quick"), sends_then_asks(ctx)));
  auto first = co_await any;
  co_return first.value;
}

task<json> all_with_one_failing_at_once(context& ctx, json) {
  auto all = when_all(ctx, tasks(fails_at_once(ctx), sends_then_asks(ctx)));
  co_await all;
  co_return json();
}

task<json> pair(context& ctx, std::string a, std::string b) {
  auto all = when_all(ctx, tasks(undoes(ctx, a), ask(ctx, b)));
  auto values = co_await all;
  co_return json(values);
}

task<json> nested(context& ctx, json) {
  auto any = when_any(ctx, tasks(pair(ctx, "a", "b"), pair(ctx, "c", "d")));
  auto first = co_await any;
  co_return object("index", first.index, "value", first.value);
}

task<json> opens_a_join_late(context& ctx) {
  auto all = when_all(ctx, tasks(sends_then_asks(ctx), sends_then_asks(ctx)));
  auto values = co_await all;
  co_return json(values);
}

/// The second branch has opened a join whose children have not run yet when the third wins.
task<json> canceled_before_its_children_ran(context& ctx, json) {
  auto any = when_any(ctx, tasks(ask(ctx, "a"), opens_a_join_late(ctx), at_once(ctx, "quick")));
  auto first = co_await any;
  co_return first.value;
}

task<json> nothing_at_all(context& ctx, json) {
  auto all = when_all(ctx, std::vector<task<json>>());
  auto values = co_await all;
  co_return values.size();
}

task<json> race_of_nobody(context& ctx, json) {
  auto any = when_any(ctx, std::vector<task<json>>());
  co_await any;
  co_return json();
}

task<> step(context& ctx, milliseconds d) { co_await ctx.sleep(d); }

task<json> steps_without_values(context& ctx, json) {
  auto all = when_all(ctx, tasks(step(ctx, milliseconds(1)), step(ctx, milliseconds(2))));
  co_await all;
  auto any = when_any(ctx, tasks(step(ctx, milliseconds(3)), step(ctx, milliseconds(4))));
  auto first = co_await any;
  co_return first.index;
}

task<json> crash_in_a_branch(context& ctx) {
  co_await ctx.sleep(milliseconds(1));
  throw std::runtime_error("a defect in a branch");
}

task<json> with_a_crash(context& ctx, json) {
  auto all = when_all(ctx, tasks(ask(ctx, "a"), crash_in_a_branch(ctx)));
  co_await all;
  co_return json();
}

task<json> wide(context& ctx, json branches) {
  std::vector<task<json>> children;
  for (int i = 0; i < branches.get<int>(); ++i)
    children.push_back(at_once(ctx, i));
  auto all = when_all(ctx, std::move(children));
  auto values = co_await all;
  co_return values.size();
}

task<json> wide_within(context& ctx, json branches) {
  auto all = when_all(ctx, tasks(wide(ctx, branches), wide(ctx, branches)));
  auto values = co_await all;
  co_return json(values);
}

task<json> many_rounds(context& ctx, json rounds) {
  int done = 0;
  for (int i = 0; i < rounds.get<int>(); ++i) {
    auto all = when_all(ctx, tasks(at_once(ctx, 1), at_once(ctx, 2)));
    co_await all;
    ++done;
  }
  co_return done;
}

task<json> awaits_a_join_twice(context& ctx, json) {
  auto all = when_all(ctx, tasks(at_once(ctx, 1)));
  co_await all;
  co_await all;
  co_return json();
}

task<json> awaits_a_child_twice(context& ctx, json) {
  auto child = at_once(ctx, 1);
  co_await child;
  co_await child;
  co_return json();
}

task<json> joins_what_was_moved_away(context& ctx, json) {
  std::vector<task<json>> children = tasks(at_once(ctx, 1), at_once(ctx, 2));
  auto stolen = std::move(children[1]);
  auto all = when_all(ctx, std::move(children));
  co_await all;
  co_return json();
}

} // namespace

BOOST_AUTO_TEST_SUITE(task_joins)

BOOST_AUTO_TEST_CASE(when_all_asks_for_everything_in_one_turn) {
  driven_task t(three);
  t.start();
  BOOST_TEST(t.outstanding() == (std::vector<std::string>{"0.0/0", "0.1/0", "0.2/0"}));
}

BOOST_AUTO_TEST_CASE(when_all_gives_the_values_in_the_order_of_its_children) {
  driven_task t(three);
  t.start();
  t.answer("0.2/0", "C");
  t.answer("0.0/0", "A");
  t.answer("0.1/0", "B");
  BOOST_TEST(t.reply() == json::parse(R"(["A", "B", "C"])"));
}

BOOST_AUTO_TEST_CASE(the_first_failure_of_when_all_cancels_the_rest_and_is_thrown) {
  driven_task t(three);
  t.start();
  t.fail_with("0.1/0", "rate_limited");
  BOOST_TEST(t.ended() == ended::failed);
  BOOST_TEST(t.last.reply.kind == "rate_limited");
  BOOST_REQUIRE(t.last.canceled.size() == 2u);
  BOOST_TEST(t.last.canceled[0].effect == "0.0/0");
  BOOST_TEST(t.last.canceled[1].effect == "0.2/0");
}

BOOST_AUTO_TEST_CASE(when_all_throws_once_every_branch_has_cleaned_up) {
  driven_task t(two_that_undo);
  t.start();
  t.fail_with("0.1/0", "rate_limited");
  BOOST_TEST(t.outstanding() == (std::vector<std::string>{"0.0/1", "0.2/1"}));
  t.answer("0.2/1");
  BOOST_TEST(t.ended() == ended::suspended);
  t.answer("0.0/1");
  BOOST_TEST(t.last.reply.kind == "rate_limited");
}

BOOST_AUTO_TEST_CASE(a_failed_cleanup_does_not_replace_the_first_failure) {
  driven_task t(two_that_undo);
  t.start();
  t.fail_with("0.1/0", "rate_limited");
  t.fail_with("0.0/1", "unavailable");
  t.answer("0.2/1");
  BOOST_TEST(t.last.reply.kind == "rate_limited");
}

BOOST_AUTO_TEST_CASE(when_any_gives_the_first_and_cancels_the_others) {
  driven_task t(race);
  t.start();
  t.answer("0.1/0", "B");
  BOOST_TEST(t.reply() == json::parse(R"({"index": 1, "value": "B"})"));
  BOOST_TEST(t.last.canceled.size() == 2u);
}

BOOST_AUTO_TEST_CASE(when_any_is_also_won_by_a_failure) {
  driven_task t(race);
  t.start();
  t.fail_with("0.2/0", "timeout");
  BOOST_TEST(t.ended() == ended::failed);
  BOOST_TEST(t.last.reply.kind == "timeout");
}

BOOST_AUTO_TEST_CASE(when_any_waits_for_losers_that_clean_up) {
  driven_task t(race_that_undoes);
  t.start();
  t.answer("0.0/0");
  BOOST_TEST(t.ended() == ended::suspended);
  BOOST_TEST(t.outstanding() == std::vector<std::string>{"0.1/1"});
  t.answer("0.1/1");
  BOOST_TEST(t.reply() == json::parse(R"({"index": 0, "value": "a"})"));
}

BOOST_AUTO_TEST_CASE(a_race_won_before_the_others_began_never_begins_them) {
  driven_task t(race_won_at_once);
  t.start();
  BOOST_TEST(t.ended() == ended::finished);
  BOOST_TEST(t.reply() == "quick");
  BOOST_TEST(t.last.mail.empty());
}

BOOST_AUTO_TEST_CASE(a_failure_before_the_others_began_never_begins_them) {
  driven_task t(all_with_one_failing_at_once);
  t.start();
  BOOST_TEST(t.ended() == ended::failed);
  BOOST_TEST(t.last.reply.message == "at once");
  BOOST_TEST(t.last.mail.empty());
}

BOOST_AUTO_TEST_CASE(joins_nest_and_effects_are_named_by_their_path) {
  driven_task t(nested);
  t.start();
  BOOST_TEST(t.outstanding() == (std::vector<std::string>{"0.0.0/0", "0.0.1/0", "0.1.0/0", "0.1.1/0"}));
}

BOOST_AUTO_TEST_CASE(a_lost_race_cancels_grandchildren_which_may_clean_up) {
  driven_task t(nested);
  t.start();
  t.answer("0.0.0/0");
  t.answer("0.0.1/0", "B");
  BOOST_TEST(t.last.canceled.size() == 2u);
  BOOST_TEST(t.outstanding() == std::vector<std::string>{"0.1.0/1"});
  t.answer("0.1.0/1");
  BOOST_TEST(t.reply() == json::parse(R"({"index": 0, "value": ["a", "B"]})"));
}

BOOST_AUTO_TEST_CASE(a_branch_canceled_before_its_children_ran_never_runs_them) {
  driven_task t(canceled_before_its_children_ran);
  t.start();
  BOOST_TEST(t.ended() == ended::finished);
  BOOST_TEST(t.reply() == "quick");
  BOOST_TEST(t.last.mail.empty());
}

BOOST_AUTO_TEST_CASE(what_was_asked_and_canceled_in_one_turn_was_never_waited_for) {
  driven_task t(canceled_before_its_children_ran);
  t.start();
  BOOST_TEST(t.last.record.asked.size() == 1u);
  BOOST_TEST(!t.run->waits_for("0.0/0"));
  BOOST_TEST(t.last.canceled.empty());
}

BOOST_AUTO_TEST_CASE(when_all_of_nothing_is_done_at_once) {
  driven_task t(nothing_at_all);
  t.start();
  BOOST_TEST(t.reply() == 0);
}

BOOST_AUTO_TEST_CASE(when_any_of_nothing_is_refused) {
  driven_task t(race_of_nobody);
  t.start();
  BOOST_TEST(t.ended() == ended::failed);
  BOOST_TEST(t.last.reply.kind == "invalid");
}

BOOST_AUTO_TEST_CASE(branches_need_no_value) {
  driven_task t(steps_without_values);
  t.start();
  t.answer("0.1/0");
  t.answer("0.0/0");
  t.answer("0.3/0");
  BOOST_TEST(t.reply() == 1);
}

BOOST_AUTO_TEST_CASE(a_crash_in_a_branch_is_a_crash_of_the_task) {
  driven_task t(with_a_crash);
  t.start();
  t.answer("0.1/0");
  BOOST_TEST(t.ended() == ended::crashed);
  BOOST_TEST(t.last.problem == "a defect in a branch");
}

BOOST_AUTO_TEST_CASE(a_join_has_at_most_1024_branches) {
  driven_task fits(wide, 1'024);
  fits.start();
  BOOST_TEST(fits.reply() == 1'024);
  driven_task bursts(wide, 1'025);
  bursts.start();
  BOOST_TEST(bursts.ended() == ended::failed);
  BOOST_TEST(bursts.last.reply.kind == "invalid");
}

BOOST_AUTO_TEST_CASE(branches_within_branches_count_together) {
  driven_task fits(wide_within, 511);
  fits.start();
  BOOST_TEST(fits.ended() == ended::finished);
  driven_task bursts(wide_within, 512);
  bursts.start();
  BOOST_TEST(bursts.last.reply.kind == "invalid");
}

BOOST_AUTO_TEST_CASE(branches_that_have_ended_count_no_more) {
  driven_task t(many_rounds, 5'000);
  t.start();
  BOOST_TEST(t.reply() == 5'000);
}

BOOST_AUTO_TEST_CASE(a_join_awaited_twice_breaks_an_invariant) {
  driven_task t(awaits_a_join_twice);
  t.start();
  BOOST_TEST(t.ended() == ended::crashed);
  BOOST_TEST(t.last.problem == "invariant: a join is awaited once");
}

BOOST_AUTO_TEST_CASE(a_child_awaited_twice_breaks_an_invariant) {
  driven_task t(awaits_a_child_twice);
  t.start();
  BOOST_TEST(t.ended() == ended::crashed);
}

BOOST_AUTO_TEST_CASE(a_join_of_what_was_moved_away_breaks_an_invariant) {
  driven_task t(joins_what_was_moved_away);
  t.start();
  BOOST_TEST(t.ended() == ended::crashed);
}

BOOST_AUTO_TEST_CASE(a_task_dropped_amid_its_joins_leaves_nothing_behind) {
  driven_task t(nested);
  t.start();
  t.answer("0.0.0/0");
  t.run.reset();
  BOOST_TEST(t.journal.size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
