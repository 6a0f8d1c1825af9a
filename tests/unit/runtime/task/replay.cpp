#include "tests/unit/runtime/task/driven_task.hpp"

#include "runtime/base/object.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>

using namespace troupe;
using troupe::test::driven_task;
using troupe::test::first_turn;
using ended = turn_result::state;

namespace {

task<json> draws(context& ctx, json) {
  auto before = object("random", ctx.random(), "uuid", ctx.uuid(), "now", to_ms(ctx.now()));
  co_await ctx.sleep(milliseconds(1));
  auto after = object("random", ctx.random(), "uuid", ctx.uuid(), "now", to_ms(ctx.now()));
  co_return object("before", before, "after", after);
}

task<json> one_draw(context& ctx) { co_return ctx.random(); }

task<json> draws_in_branches(context& ctx, json) {
  auto all = when_all(ctx, tasks(one_draw(ctx), one_draw(ctx)));
  auto values = co_await all;
  co_return json(values);
}

task<json> changes_documents(context& ctx, json) {
  ctx.put("count", ctx.get("count").get<int>() + 1);
  ctx.put("fresh", "yes");
  co_await ctx.sleep(milliseconds(1));
  ctx.put("count", ctx.get("count").get<int>() + 10);
  ctx.erase("fresh");
  co_return ctx.get("count");
}

task<json> before_the_change(context& ctx, json) {
  co_await ctx.sleep(milliseconds(1));
  co_await ctx.sleep(milliseconds(2));
  co_return json();
}

task<json> after_the_change(context& ctx, json) {
  auto early = ctx.version("early", 3);
  co_await ctx.sleep(milliseconds(1));
  co_await ctx.sleep(milliseconds(2));
  auto again = ctx.version("early", 3);
  auto late = ctx.version("late", 5);
  co_return object("early", early, "again", again, "late", late);
}

task<json> asks_with_deadline(context& ctx, json) {
  auto options = call_options().within(milliseconds(1'000)).keyed("first-key");
  co_await ctx.call("desk/other", "price", json(), options);
  co_return json();
}

task<json> asks_with_another(context& ctx, json) {
  auto options = call_options().within(milliseconds(9'000)).keyed("second-key");
  co_await ctx.call("desk/other", "price", json(), options);
  co_return json();
}

task<json> says_and_waits(context& ctx, json) {
  ctx.send("desk/a", "hello", json());
  ctx.tell("desk/a", "psst", json());
  co_await ctx.sleep(milliseconds(1));
  co_return json();
}

task<json> race(context& ctx, std::string a, std::string b) {
  auto first_call = ctx.call("desk/work", std::move(a), json());
  json got = co_await first_call;
  co_await ctx.call("desk/work", std::move(b), got);
  co_return got;
}

task<json> picks_a_winner(context& ctx, json) {
  auto any = when_any(ctx, tasks(race(ctx, "a", "b"), race(ctx, "c", "d")));
  auto first = co_await any;
  co_return object("index", first.index, "value", first.value);
}

} // namespace

BOOST_AUTO_TEST_SUITE(task_replay)

BOOST_AUTO_TEST_CASE(randomness_ids_and_time_are_the_same_in_a_replay) {
  driven_task t(draws);
  t.start();
  t.answer("0/0");
  driven_task again(t, draws, 1);
  again.answer("0/0");
  BOOST_TEST(again.reply() == t.reply());
}

BOOST_AUTO_TEST_CASE(each_draw_differs) {
  driven_task t(draws);
  t.start();
  t.answer("0/0");
  BOOST_TEST(t.reply()["before"]["random"] != t.reply()["after"]["random"]);
  BOOST_TEST(t.reply()["before"]["uuid"] != t.reply()["after"]["uuid"]);
}

BOOST_AUTO_TEST_CASE(branches_draw_from_sources_of_their_own) {
  driven_task t(draws_in_branches);
  t.start();
  BOOST_TEST(t.reply()[0] != t.reply()[1]);
}

BOOST_AUTO_TEST_CASE(now_is_the_time_of_the_turn) {
  driven_task t(draws);
  t.start();
  t.answer("0/0");
  BOOST_TEST(t.reply()["before"]["now"] == to_ms(first_turn));
  BOOST_TEST(t.reply()["after"]["now"] == to_ms(first_turn) + 1'000);
}

BOOST_AUTO_TEST_CASE(an_exclusive_task_writes_its_documents_again) {
  driven_task t(changes_documents);
  t.documents.load("count", "5");
  t.start();
  driven_task again(t, changes_documents);
  BOOST_TEST(again.documents.all() == t.documents.all());
  again.answer("0/0");
  BOOST_TEST(again.reply() == 16);
  BOOST_TEST(again.document("fresh").is_null());
}

BOOST_AUTO_TEST_CASE(a_task_begun_before_a_change_keeps_the_old_way) {
  driven_task t(before_the_change);
  t.start();
  t.answer("0/0");
  driven_task again(t, after_the_change);
  again.answer("0/1");
  BOOST_TEST(again.reply() == json::parse(R"({"early": 0, "again": 0, "late": 5})"));
}

BOOST_AUTO_TEST_CASE(a_task_begun_after_a_change_keeps_the_version_it_took) {
  driven_task t(after_the_change);
  t.start();
  driven_task again(t, after_the_change);
  again.answer("0/0");
  again.answer("0/1");
  BOOST_TEST(again.reply() == json::parse(R"({"early": 3, "again": 3, "late": 5})"));
}

BOOST_AUTO_TEST_CASE(a_version_is_noted_once) {
  driven_task t(after_the_change);
  t.start();
  t.answer("0/0");
  t.answer("0/1");
  BOOST_REQUIRE(t.last.record.noted.size() == 1u);
  BOOST_TEST(t.last.record.noted[0].effect == "version:late");
}

BOOST_AUTO_TEST_CASE(what_was_chosen_when_it_was_asked_stands) {
  driven_task t(asks_with_deadline);
  t.start();
  driven_task again(t, asks_with_another);
  BOOST_TEST(again.ended() == ended::suspended);
  BOOST_TEST((again.run->find("0/0")->due == first_turn + milliseconds(1'000)));
  BOOST_TEST(again.run->find("0/0")->call_key == "first-key");
}

BOOST_AUTO_TEST_CASE(a_replayed_turn_names_what_it_sent_so_that_its_owner_can_leave_it_out) {
  driven_task t(says_and_waits);
  t.start();
  driven_task again(t, says_and_waits);
  BOOST_TEST(again.last.mail.size() == 1u);
  BOOST_TEST(again.last.tells.size() == 1u);
}

BOOST_AUTO_TEST_CASE(when_any_picks_the_same_winner_again) {
  driven_task t(picks_a_winner);
  t.start();
  t.answer("0.1/0", "C");
  t.answer("0.0/0", "A");
  driven_task again(t, picks_a_winner);
  again.answer("0.1/1");
  BOOST_TEST(again.reply() == json::parse(R"({"index": 1, "value": "C"})"));
}

BOOST_AUTO_TEST_CASE(a_replay_waits_for_what_the_task_waited_for) {
  driven_task t(picks_a_winner);
  t.start();
  t.answer("0.1/0", "C");
  driven_task again(t, picks_a_winner);
  BOOST_TEST(again.outstanding() == t.outstanding());
  BOOST_TEST(again.run->effects() == t.run->effects());
  BOOST_TEST(again.run->turns() == t.run->turns());
}

BOOST_AUTO_TEST_SUITE_END()
