#include "tests/unit/runtime/task/driven_task.hpp"

#include "runtime/base/object.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;
using troupe::test::driven_task;
using troupe::test::first_turn;
using ended = turn_result::state;

namespace {

task<json> sends(context& ctx, json) {
  bool first = ctx.send("desk/a", "order", object("n", 1));
  bool second = ctx.send("desk/b", "order", object("n", 2));
  co_return object("a", first, "b", second);
}

task<json> sends_then_waits(context& ctx, json) {
  bool went = ctx.send("desk/a", "order", json());
  co_await ctx.sleep(milliseconds(1));
  co_return went;
}

task<json> calls_refused(context& ctx, json) {
  auto got = co_await ctx.try_call("desk/loop", "price", json());
  co_await ctx.call("desk/other", "price", json());
  co_return got.error().kind;
}

task<json> says_much(context& ctx, json) {
  ctx.tell("desk/a", "progress", json(50));
  ctx.signal("desk/b", "approved", "case-7", json("yes"));
  ctx.set_timer("nightly", first_turn + milliseconds(9), "tick", json());
  ctx.clear_timer("hourly");
  ctx.emit("order_seen", object("n", 1));
  co_return json();
}

task<json> sends_nowhere(context& ctx, json) {
  ctx.send("No Such Kind/x", "order", json());
  co_return json();
}

task<json> sends_to_nobody(context& ctx, json) {
  ctx.send("", "order", json());
  co_return json();
}

task<json> sends_to_a_tenant(context& ctx, json) {
  ctx.send("@acme/desk/a", "order", json());
  co_return json();
}

} // namespace

BOOST_AUTO_TEST_SUITE(task_sends)

BOOST_AUTO_TEST_CASE(a_send_leaves_with_its_turn) {
  driven_task t(sends);
  t.start();
  BOOST_REQUIRE(t.last.mail.size() == 2u);
  BOOST_TEST(t.last.mail[0].to.text() == "desk/a");
  BOOST_TEST(t.last.mail[0].type == "order");
  BOOST_TEST(t.last.mail[0].body == R"({"n":1})");
}

BOOST_AUTO_TEST_CASE(a_send_into_a_full_queue_says_so_and_sends_nothing) {
  driven_task t(sends);
  t.port.refused["desk/a"] = "overloaded";
  t.start();
  BOOST_TEST(t.reply() == json::parse(R"({"a": false, "b": true})"));
  BOOST_REQUIRE(t.last.mail.size() == 1u);
  BOOST_TEST(t.last.mail[0].to.text() == "desk/b");
}

BOOST_AUTO_TEST_CASE(whether_a_send_was_admitted_is_recorded) {
  driven_task t(sends);
  t.port.refused["desk/a"] = "overloaded";
  t.start();
  BOOST_REQUIRE(t.last.record.noted.size() == 2u);
  BOOST_TEST(t.last.record.noted[0].effect == "0/0");
  BOOST_TEST(t.last.record.noted[0].result.kind == "overloaded");
  BOOST_TEST(t.last.record.noted[1].result.ok);
}

BOOST_AUTO_TEST_CASE(a_replay_answers_a_send_as_it_was_answered_then) {
  driven_task t(sends_then_waits);
  t.port.refused["desk/a"] = "overloaded";
  t.start();
  driven_task again(t, sends_then_waits);
  again.port.refused.clear();
  again.answer("0/1");
  BOOST_TEST(again.reply() == false);
}

BOOST_AUTO_TEST_CASE(a_refused_call_fails_at_once_and_is_recorded) {
  driven_task t(calls_refused);
  t.port.refused_calls["desk/loop"] = "call_cycle";
  t.start();
  BOOST_REQUIRE(t.last.record.noted.size() == 1u);
  BOOST_TEST(t.last.record.noted[0].result.kind == "call_cycle");
  BOOST_TEST(t.last.record.noted[0].result.agent == "desk/loop");
  BOOST_REQUIRE(t.last.record.asked.size() == 1u);
  BOOST_TEST(t.last.record.asked[0].target == "desk/other price");
}

BOOST_AUTO_TEST_CASE(a_replay_refuses_a_call_as_it_was_refused_then) {
  driven_task t(calls_refused);
  t.port.refused_calls["desk/loop"] = "call_cycle";
  t.start();
  t.port.refused_calls.clear();
  driven_task again(t, calls_refused);
  BOOST_TEST(again.ended() == ended::suspended);
  again.answer("0/1");
  BOOST_TEST(again.reply() == "call_cycle");
}

BOOST_AUTO_TEST_CASE(a_replay_refuses_no_call_that_was_admitted_then) {
  driven_task t(calls_refused);
  t.start();
  t.port.refused_calls["desk/loop"] = "call_cycle";
  driven_task again(t, calls_refused);
  BOOST_TEST(again.ended() == ended::suspended);
  BOOST_TEST(again.outstanding() == std::vector<std::string>{"0/0"});
}

BOOST_AUTO_TEST_CASE(everything_else_a_turn_says_is_in_its_result) {
  driven_task t(says_much);
  t.start();
  BOOST_REQUIRE(t.last.mail.size() == 1u);
  BOOST_TEST(t.last.mail[0].signal);
  BOOST_TEST(t.last.mail[0].correlation == "case-7");
  BOOST_REQUIRE(t.last.tells.size() == 1u);
  BOOST_TEST(t.last.tells[0].to.text() == "desk/a");
  BOOST_REQUIRE(t.last.tells[0].items.size() == 1u);
  BOOST_TEST(t.last.tells[0].items[0].body == "50");
  BOOST_REQUIRE(t.last.timers.size() == 2u);
  BOOST_TEST((t.last.timers[0].due == first_turn + milliseconds(9)));
  BOOST_TEST(t.last.timers[1].clear);
  BOOST_REQUIRE(t.last.events.size() == 1u);
  BOOST_TEST(t.last.events[0].kind == "order_seen");
}

BOOST_AUTO_TEST_CASE(a_send_to_what_is_no_address_fails_the_handler) {
  driven_task t(sends_nowhere);
  t.start();
  BOOST_TEST(t.ended() == ended::failed);
  BOOST_TEST(t.last.reply.kind == "invalid");
}

BOOST_AUTO_TEST_CASE(a_send_to_nobody_fails_the_handler) {
  driven_task t(sends_to_nobody);
  t.start();
  BOOST_TEST(t.last.reply.kind == "invalid");
}

BOOST_AUTO_TEST_CASE(another_tenant_is_named_with_an_at_sign) {
  driven_task t(sends_to_a_tenant);
  t.start();
  BOOST_TEST(t.last.mail.at(0).to.tenant() == "acme");
}

BOOST_AUTO_TEST_SUITE_END()
