#include "tests/unit/runtime/task/driven_task.hpp"

#include "runtime/base/object.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;
using troupe::test::driven_task;
using ended = turn_result::state;

namespace {

task<json> calls_for_ever(context& ctx, json) {
  int made = 0;
  for (;;) {
    auto got = co_await ctx.try_call("desk/loop", "again", json());
    if (got.error().kind == "task_too_long")
      co_return made;
    ++made;
  }
}

task<json> calls_until_it_throws(context& ctx, json) {
  auto body = json();
  for (;;) {
    auto got = co_await ctx.try_call("desk/loop", "again", body);
    if (got.error().kind == "task_too_long")
      co_await ctx.sleep(milliseconds(1));
  }
}

task<json> sends_for_ever(context& ctx, json) {
  for (int i = 0;; ++i) {
    ctx.send("desk/other", "again", json());
    if (i % 1'000 == 999)
      co_await ctx.sleep(milliseconds(1));
  }
  co_return json();
}

task<json> sends_at_once(context& ctx, json) {
  for (;;)
    ctx.send("desk/other", "again", json());
  co_return json();
}

task<json> tells_at_once(context& ctx, json) {
  for (;;)
    ctx.tell("desk/other", "again", json());
  co_return json();
}

task<json> sleep_a_while(context& ctx) {
  co_await ctx.sleep(milliseconds(1));
  co_return json();
}

task<json> sends_then_sleeps(context& ctx, json) {
  for (int i = 0; i < 1'024; ++i)
    ctx.send("desk/other", "again", json());
  co_await sleep_a_while(ctx);
  co_return json();
}

task<json> sends_much(context& ctx, json bytes) {
  ctx.send("desk/other", "take", json(std::string(bytes.get<std::size_t>(), 'x')));
  co_return json();
}

task<json> returns_much(context&, json bytes) { co_return std::string(bytes.get<std::size_t>(), 'x'); }

task<json> puts_many(context& ctx, json count) {
  for (int i = 0; i < count.get<int>(); ++i)
    ctx.put("document " + std::to_string(i), i);
  ctx.put("document 0", "again");
  co_return json();
}

task<json> sets_a_timer(context& ctx, json) {
  ctx.set_timer("alarm", ctx.now(), "ring", json());
  co_return json();
}

task<json> reads_for_ever(context& ctx, json) {
  for (;;)
    ctx.get("count");
  co_return json();
}

task<json> deep(context& ctx, int depth) {
  if (depth == 0) {
    co_await ctx.sleep(milliseconds(1));
    co_return "bottom";
  }
  co_return co_await deep(ctx, depth - 1);
}

task<json> goes_deep(context& ctx, json depth) { co_return co_await deep(ctx, depth.get<int>()); }

} // namespace

BOOST_AUTO_TEST_SUITE(task_limits)

BOOST_AUTO_TEST_CASE(a_task_has_ten_thousand_effects) {
  driven_task t(calls_for_ever);
  t.port.refused_calls["desk/loop"] = "call_cycle";
  t.start();
  BOOST_TEST(t.ended() == ended::finished);
  BOOST_TEST(t.reply() == 10'000);
}

BOOST_AUTO_TEST_CASE(an_effect_beyond_the_limit_fails_the_handler) {
  driven_task t(calls_until_it_throws);
  t.port.refused_calls["desk/loop"] = "call_cycle";
  t.start();
  BOOST_TEST(t.ended() == ended::failed);
  BOOST_TEST(t.last.reply.kind == "task_too_long");
}

BOOST_AUTO_TEST_CASE(a_send_beyond_the_limit_fails_the_handler_instead_of_vanishing) {
  driven_task t(sends_for_ever);
  t.start();
  while (t.ended() == ended::suspended)
    t.answer(t.outstanding().at(0));
  BOOST_TEST(t.last.reply.kind == "task_too_long");
}

BOOST_AUTO_TEST_CASE(a_turn_sends_at_most_1024_messages) {
  driven_task t(sends_at_once);
  t.start();
  BOOST_TEST(t.last.reply.kind == "turn_too_wide");
  BOOST_TEST(t.last.mail.size() == 1'024u);
}

BOOST_AUTO_TEST_CASE(ephemeral_messages_count_too) {
  driven_task t(tells_at_once);
  t.start();
  BOOST_TEST(t.last.reply.kind == "turn_too_wide");
}

BOOST_AUTO_TEST_CASE(what_a_turn_waits_for_counts_with_what_it_sends) {
  driven_task t(sends_then_sleeps);
  t.start();
  BOOST_TEST(t.last.reply.kind == "turn_too_wide");
}

BOOST_AUTO_TEST_CASE(a_message_of_a_mebibyte_is_the_largest) {
  driven_task fits(sends_much, (1 << 20) - 2); // and two quotes
  fits.start();
  BOOST_TEST(fits.ended() == ended::finished);
  driven_task too_large(sends_much, (1 << 20) - 1);
  too_large.start();
  BOOST_TEST(too_large.last.reply.kind == "invalid");
}

BOOST_AUTO_TEST_CASE(a_value_larger_than_a_message_fails_the_handler) {
  driven_task t(returns_much, 1 << 20);
  t.start();
  BOOST_TEST(t.ended() == ended::failed);
  BOOST_TEST(t.last.reply.kind == "invalid");
}

BOOST_AUTO_TEST_CASE(an_agent_has_1024_documents) {
  driven_task all(puts_many, 1'024);
  all.start();
  BOOST_TEST(all.ended() == ended::finished);
  driven_task too_many(puts_many, 1'025);
  too_many.start();
  BOOST_TEST(too_many.last.reply.kind == "invalid");
}

BOOST_AUTO_TEST_CASE(a_timer_beyond_the_agents_limit_is_refused) {
  driven_task t(sets_a_timer);
  t.port.refused_timers["alarm"] = "overloaded";
  t.start();
  BOOST_TEST(t.last.reply.kind == "overloaded");
  BOOST_TEST(t.last.timers.empty());
}

BOOST_AUTO_TEST_CASE(a_recorded_read_beyond_the_limit_fails_the_handler_instead_of_reading_null) {
  driven_task t(reads_for_ever, nullptr, driven_task::kind::interleaved);
  t.start();
  BOOST_TEST(t.last.reply.kind == "task_too_long");
}

BOOST_AUTO_TEST_CASE(coroutines_await_each_other_nearly_a_thousand_deep) {
  driven_task t(goes_deep, 998);
  t.start();
  t.answer("0/0");
  BOOST_TEST(t.reply() == "bottom");
}

BOOST_AUTO_TEST_CASE(a_deep_stack_dropped_while_it_waits_does_not_overflow_ours) {
  driven_task t(goes_deep, 998);
  t.start();
  t.run.reset();
  BOOST_TEST(t.journal.size() == 1u);
}

BOOST_AUTO_TEST_CASE(recursion_without_end_is_a_crash_of_the_task_alone) {
  driven_task t(goes_deep, 1'000'000);
  t.start();
  BOOST_TEST(t.ended() == ended::crashed);
  BOOST_TEST(t.last.problem == "invariant: coroutines of a task await each other at most 1,000 deep");
}

BOOST_AUTO_TEST_SUITE_END()
