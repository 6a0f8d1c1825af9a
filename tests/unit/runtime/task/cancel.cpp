#include "tests/unit/runtime/task/driven_task.hpp"

#include "runtime/base/object.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;
using troupe::test::driven_task;
using ended = turn_result::state;

namespace {

/// Awaits a call and, when it fails, awaits another to tidy up.
task<json> tidy(context& ctx, std::string undo) {
  auto got = co_await ctx.try_call("desk/work", "do", json());
  if (got)
    co_return "done";
  co_await ctx.call("desk/work", undo, json());
  co_return got.error().kind;
}

task<json> only_works(context& ctx) { co_return co_await ctx.call("desk/work", "do", json()); }

task<json> lets_it_through(context& ctx, json) {
  co_await only_works(ctx);
  co_return json();
}

task<json> cleans_up(context& ctx, json) { co_return co_await tidy(ctx, "undo"); }

/// Goes on after its cancellation as if nothing had been.
task<json> ignores_it(context& ctx, json) {
  auto first = co_await ctx.try_call("desk/work", "do", json());
  auto second = co_await ctx.try_call("desk/work", "do more", json());
  co_return object("first", first.has_value(), "second", second.has_value());
}

task<json> all_clean_up(context& ctx, json) {
  auto all = when_all(ctx, tasks(tidy(ctx, "undo a"), only_works(ctx), tidy(ctx, "undo b")));
  co_await all;
  co_return json();
}

task<json> first_fails_late(context& ctx, json) {
  auto all = when_all(ctx, tasks(only_works(ctx), tidy(ctx, "undo a")));
  co_await all;
  co_return json();
}

task<json> naps(context& ctx) {
  co_await ctx.sleep(milliseconds(10));
  co_return "slept";
}

task<json> twelve(context& ctx, json) {
  std::vector<task<json>> children;
  for (int i = 0; i < 12; ++i)
    children.push_back(only_works(ctx));
  auto all = when_all(ctx, std::move(children));
  co_await all;
  co_return json();
}

/// A loser that is already cleaning up, and then the whole task is canceled.
task<json> race_then_work(context& ctx, json) {
  auto any = when_any(ctx, tasks(naps(ctx), tidy(ctx, "undo")));
  auto first = co_await any;
  auto then = co_await ctx.try_call("desk/work", "report", json());
  co_return object("winner", first.index, "then", then ? "fine" : then.error().kind);
}

task<json> race_then_join(context& ctx, json) {
  auto any = when_any(ctx, tasks(naps(ctx), tidy(ctx, "undo")));
  co_await any;
  auto all = when_all(ctx, tasks(only_works(ctx)));
  co_await all;
  co_return json();
}

/// Cleans up with a race of its own: its loser is canceled though the fiber around it was canceled before.
task<json> races_to_clean_up(context& ctx, json) {
  auto got = co_await ctx.try_call("desk/work", "do", json());
  auto any = when_any(ctx, tasks(naps(ctx), only_works(ctx)));
  auto first = co_await any;
  co_return object("why", got.error().kind, "winner", first.index);
}

} // namespace

BOOST_AUTO_TEST_SUITE(task_cancel)

BOOST_AUTO_TEST_CASE(a_cancellation_ends_a_task_that_does_not_care) {
  driven_task t(lets_it_through);
  t.start();
  t.cancel();
  BOOST_TEST(t.ended() == ended::failed);
  BOOST_TEST(t.last.reply.kind == "canceled");
}

BOOST_AUTO_TEST_CASE(a_cancellation_names_what_nobody_waits_for_any_more) {
  driven_task t(lets_it_through);
  t.start();
  t.cancel();
  BOOST_REQUIRE(t.last.canceled.size() == 1u);
  BOOST_TEST(t.last.canceled[0].effect == "0/0");
  BOOST_TEST(t.outstanding().empty());
}

BOOST_AUTO_TEST_CASE(a_cancellation_is_recorded_with_its_reason) {
  driven_task t(cleans_up);
  t.start();
  t.cancel();
  BOOST_TEST(t.last.record.canceled);
  BOOST_TEST(t.last.record.cancel_reason == "the caller left");
  BOOST_TEST(t.last.record.resumed_by.empty());
}

BOOST_AUTO_TEST_CASE(a_canceled_task_may_await_its_cleanup) {
  driven_task t(cleans_up);
  t.start();
  t.cancel();
  BOOST_TEST(t.ended() == ended::suspended);
  t.answer("0/1");
  BOOST_TEST(t.ended() == ended::finished);
  BOOST_TEST(t.reply() == "canceled");
}

BOOST_AUTO_TEST_CASE(a_cancellation_is_thrown_once) {
  driven_task t(ignores_it);
  t.start();
  t.cancel();
  t.cancel();
  BOOST_TEST(t.last.canceled.empty());
  t.answer("0/1");
  BOOST_TEST(t.reply() == json::parse(R"({"first": false, "second": true})"));
}

BOOST_AUTO_TEST_CASE(every_branch_is_canceled_and_may_clean_up) {
  driven_task t(all_clean_up);
  t.start();
  t.cancel();
  BOOST_TEST(t.last.canceled.size() == 3u);
  BOOST_TEST(t.outstanding() == (std::vector<std::string>{"0.0/1", "0.2/1"}));
}

BOOST_AUTO_TEST_CASE(what_was_asked_first_is_canceled_first) {
  driven_task t(twelve);
  t.start();
  t.cancel();
  BOOST_REQUIRE(t.last.canceled.size() == 12u);
  BOOST_TEST(t.last.canceled[2].effect == "0.2/0");
  BOOST_TEST(t.last.canceled[10].effect == "0.10/0");
}

BOOST_AUTO_TEST_CASE(a_branch_that_gives_up_leaves_its_siblings_cleanup_alone) {
  driven_task t(all_clean_up);
  t.start();
  t.cancel();
  t.answer("0.0/1");
  t.answer("0.2/1");
  BOOST_TEST(t.ended() == ended::failed);
  BOOST_TEST(t.last.reply.kind == "canceled");
}

BOOST_AUTO_TEST_CASE(a_failure_during_anothers_cleanup_leaves_that_alone) {
  driven_task t(first_fails_late);
  t.start();
  t.cancel();
  BOOST_TEST(t.outstanding() == std::vector<std::string>{"0.1/1"});
  t.answer("0.1/1");
  BOOST_TEST(t.last.reply.kind == "canceled");
}

BOOST_AUTO_TEST_CASE(a_cancellation_that_finds_only_cleanup_is_thrown_at_the_next_await) {
  driven_task t(race_then_work);
  t.start();
  t.answer("0.0/0");
  BOOST_TEST(t.outstanding() == std::vector<std::string>{"0.1/1"});
  t.cancel();
  BOOST_TEST(t.last.canceled.empty());
  t.answer("0.1/1");
  BOOST_TEST(t.ended() == ended::finished);
  BOOST_TEST(t.reply() == json::parse(R"({"winner": 0, "then": "canceled"})"));
}

BOOST_AUTO_TEST_CASE(a_cancellation_that_is_owed_stops_the_next_join) {
  driven_task t(race_then_join);
  t.start();
  t.answer("0.0/0");
  t.cancel();
  t.answer("0.1/1");
  BOOST_TEST(t.ended() == ended::failed);
  BOOST_TEST(t.last.reply.kind == "canceled");
  BOOST_TEST(t.last.record.asked.empty());
}

BOOST_AUTO_TEST_CASE(a_race_within_the_cleanup_still_cancels_its_loser) {
  driven_task t(races_to_clean_up);
  t.start();
  t.cancel();
  t.answer("0.0/0");
  BOOST_TEST(t.ended() == ended::finished);
  BOOST_TEST(t.reply() == json::parse(R"({"why": "canceled", "winner": 0})"));
}

BOOST_AUTO_TEST_CASE(a_replay_cancels_where_it_was_canceled) {
  driven_task t(races_to_clean_up);
  t.start();
  t.cancel();
  driven_task again(t, races_to_clean_up);
  BOOST_TEST(again.ended() == ended::suspended);
  BOOST_TEST(again.journal == t.journal);
  again.answer("0.1/0");
  BOOST_TEST(again.reply() == json::parse(R"({"why": "canceled", "winner": 1})"));
}

BOOST_AUTO_TEST_SUITE_END()
