#include "tests/unit/runtime/task/driven_task.hpp"

#include "runtime/base/object.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>

using namespace troupe;
using troupe::test::driven_task;
using troupe::test::first_turn;
using ended = turn_result::state;

namespace {

task<json> echo(context&, json input) { co_return input; }

task<json> ask_twice(context& ctx, json) {
  json first = co_await ctx.call("desk/other", "price", object("of", "tea"));
  json second = co_await ctx.call("other", "stock", first);
  co_return object("price", first, "stock", second);
}

task<json> report_error(context& ctx, json) {
  auto got = co_await ctx.try_call("other", "price", json());
  co_return got ? json("fine") : object("kind", got.error().kind, "agent", got.error().agent);
}

task<json> lets_it_fail(context& ctx, json) { co_return co_await ctx.call("other", "price", json()); }

task<json> raises(context&, json) {
  throw effect_failed("invalid", "not like this");
  co_return json();
}

task<json> breaks(context& ctx, json) {
  co_await ctx.sleep(milliseconds(5));
  throw std::runtime_error("a defect \xff");
}

task<json> throws_a_number(context&, json) {
  throw 42;
  co_return json();
}

task<json> no_text(context&, json) { co_return json("\xff"); }

/// A handler may be a plain function that picks a coroutine.
task<json> picks(context& ctx, json input) {
  ctx.send("log", "picked", input);
  return echo(ctx, std::move(input));
}

task<json> sleeps(context& ctx, json) {
  co_await ctx.sleep(milliseconds(1'500));
  co_await ctx.sleep_until(from_ms(42));
  co_await ctx.sleep(milliseconds::max());
  co_return "awake";
}

task<json> waits(context& ctx, json) {
  json who = co_await ctx.wait_signal("approved", "case-7");
  co_await ctx.wait_signal("paid", "case-7", milliseconds(60'000));
  co_return who;
}

task<json> works(context& ctx, json) {
  auto work = [] { return json("done by hand"); };
  json mine = co_await ctx.run("count", work);
  json theirs = co_await ctx.outside("model.generate", "small", object("prompt", mine));
  co_return theirs;
}

task<json> work_fails(context& ctx, json) {
  auto work = []() -> json { throw std::runtime_error("no such file \xff"); };
  co_return co_await ctx.run("read", work);
}

task<json> work_refuses(context& ctx, json) {
  auto work = []() -> json { throw effect_failed("invalid", "not a number"); };
  co_return co_await ctx.run("parse", work);
}

task<json> called_within(context& ctx, json) {
  auto hurried = call_options().within(milliseconds(2'000)).keyed("order-1");
  co_await ctx.call("other", "price", json(), hurried);
  co_await ctx.call("other", "price", json());
  auto patient = call_options().within(milliseconds::max());
  co_await ctx.call("other", "price", json(), patient);
  co_return json();
}

task<json> awaits_twice(context& ctx, json) {
  auto price = ctx.call("other", "price", json());
  json first = co_await price;
  json again = co_await price;
  co_return object("first", first, "again", again);
}

task<json> goes_on(context& ctx, json input) {
  co_await ctx.sleep(milliseconds(1));
  co_return ctx.continue_with(input["left"].get<int>() - 1);
}

} // namespace

BOOST_AUTO_TEST_SUITE(task_turns)

BOOST_AUTO_TEST_CASE(a_handler_that_awaits_nothing_ends_in_its_first_turn) {
  driven_task t(echo, 7);
  t.start();
  BOOST_TEST(t.ended() == ended::finished);
  BOOST_TEST(t.reply() == 7);
  BOOST_TEST(t.outstanding().empty());
}

BOOST_AUTO_TEST_CASE(a_body_that_is_no_json_reaches_the_handler_as_null) {
  document_map documents;
  test::scripted_port port;
  task_origin origin;
  origin.message.body = "{\"cut";
  task_run run(origin, echo, documents, port);
  BOOST_TEST(run.start(first_turn).reply.body == "null");
}

BOOST_AUTO_TEST_CASE(a_body_nested_beyond_measure_reaches_the_handler_as_null) {
  document_map documents;
  test::scripted_port port;
  task_origin origin;
  origin.message.body = std::string(500'000, '[') + std::string(500'000, ']');
  task_run run(origin, echo, documents, port);
  BOOST_TEST(run.start(first_turn).reply.body == "null");
}

BOOST_AUTO_TEST_CASE(a_task_goes_on_with_each_answer_until_its_end) {
  driven_task t(ask_twice);
  t.start();
  BOOST_TEST(t.ended() == ended::suspended);
  t.answer("0/0", 12);
  BOOST_TEST(t.ended() == ended::suspended);
  t.answer("0/1", 3);
  BOOST_TEST(t.ended() == ended::finished);
  BOOST_TEST(t.reply() == json::parse(R"({"price": 12, "stock": 3})"));
}

BOOST_AUTO_TEST_CASE(a_call_says_whom_what_and_under_which_key) {
  driven_task t(ask_twice);
  t.start();
  const auto& asked = *t.run->find("0/0");
  BOOST_TEST(asked.verb == "call");
  BOOST_TEST(asked.target == "desk/other price");
  BOOST_TEST(asked.to.text() == "desk/other");
  BOOST_TEST(asked.type == "price");
  BOOST_TEST(asked.body == R"({"of":"tea"})");
  BOOST_TEST(asked.call_key == "01HF7YAT00TASK000000000000/0/0");
}

BOOST_AUTO_TEST_CASE(a_bare_kind_is_called_under_the_key_main) {
  driven_task t(report_error);
  t.start();
  BOOST_TEST(t.run->find("0/0")->to.text() == "other/main");
}

BOOST_AUTO_TEST_CASE(a_failed_call_is_a_value_for_try_call) {
  driven_task t(report_error);
  t.start();
  t.fail_with("0/0", "timeout");
  BOOST_TEST(t.reply() == json::parse(R"({"kind": "timeout", "agent": "desk/other"})"));
}

BOOST_AUTO_TEST_CASE(a_failed_call_that_nobody_catches_is_the_reply) {
  driven_task t(lets_it_fail);
  t.start();
  t.fail_with("0/0", "timeout");
  BOOST_TEST(t.ended() == ended::failed);
  BOOST_TEST(!t.last.reply.ok);
  BOOST_TEST(t.last.reply.kind == "timeout");
  BOOST_TEST(t.last.reply.agent == "desk/other");
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_no_json_fails_the_call) {
  driven_task t(lets_it_fail);
  t.start();
  t.settle("0/0", outcome::success("{oops"));
  BOOST_TEST(t.ended() == ended::failed);
  BOOST_TEST(t.last.reply.kind == "invalid");
}

BOOST_AUTO_TEST_CASE(an_effect_failed_of_the_handlers_own_is_no_crash) {
  driven_task t(raises);
  t.start();
  BOOST_TEST(t.ended() == ended::failed);
  BOOST_TEST(t.last.reply.kind == "invalid");
  BOOST_TEST(t.last.reply.message == "not like this");
}

BOOST_AUTO_TEST_CASE(any_other_exception_is_a_crash_that_says_what_happened) {
  driven_task t(breaks);
  t.start();
  t.answer("0/0");
  BOOST_TEST(t.ended() == ended::crashed);
  BOOST_TEST(t.last.problem == "a defect \xEF\xBF\xBD");
}

BOOST_AUTO_TEST_CASE(an_exception_that_is_no_exception_is_a_crash_too) {
  driven_task t(throws_a_number);
  t.start();
  BOOST_TEST(t.ended() == ended::crashed);
  BOOST_TEST(t.last.problem == "an exception that is no std::exception");
}

BOOST_AUTO_TEST_CASE(a_reply_that_cannot_be_json_text_is_a_crash) {
  driven_task t(no_text);
  t.start();
  BOOST_TEST(t.ended() == ended::crashed);
}

BOOST_AUTO_TEST_CASE(a_handler_that_is_no_coroutine_may_use_its_context) {
  driven_task t(picks, 5);
  t.start();
  BOOST_TEST(t.reply() == 5);
  BOOST_TEST(t.last.mail.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_sleep_is_a_timer_at_a_time) {
  driven_task t(sleeps);
  t.start();
  BOOST_TEST((t.run->find("0/0")->due == first_turn + milliseconds(1'500)));
  t.answer("0/0");
  BOOST_TEST(to_ms(t.run->find("0/1")->due) == 42);
  t.answer("0/1");
  BOOST_TEST((t.run->find("0/2")->due == never));
  t.answer("0/2");
  BOOST_TEST(t.reply() == "awake");
}

BOOST_AUTO_TEST_CASE(a_signal_is_waited_for_by_name_and_correlation) {
  driven_task t(waits);
  t.start();
  BOOST_TEST(t.run->find("0/0")->target == "approved");
  BOOST_TEST(t.run->find("0/0")->type == "case-7");
  BOOST_TEST((t.run->find("0/0")->due == never));
  t.answer("0/0", "ann");
  BOOST_TEST((t.run->find("0/1")->due == first_turn + milliseconds(61'000)));
  t.fail_with("0/1", "timeout");
  BOOST_TEST(t.last.reply.kind == "timeout");
}

BOOST_AUTO_TEST_CASE(work_is_handed_out_and_its_result_recorded) {
  driven_task t(works);
  t.start();
  const auto did = t.run->find("0/0")->work();
  BOOST_TEST(did.body == "\"done by hand\"");
  t.settle("0/0", did);
  BOOST_TEST(t.run->find("0/1")->verb == "model.generate");
  BOOST_TEST(t.run->find("0/1")->body == R"({"prompt":"done by hand"})");
  t.answer("0/1", "hello");
  BOOST_TEST(t.reply() == "hello");
}

BOOST_AUTO_TEST_CASE(work_that_throws_is_a_failed_effect_in_readable_text) {
  driven_task t(work_fails);
  t.start();
  const auto did = t.run->find("0/0")->work();
  BOOST_TEST(did.kind == "run_failed");
  BOOST_TEST(did.message == "no such file \xEF\xBF\xBD");
}

BOOST_AUTO_TEST_CASE(work_chooses_the_kind_of_its_failure) {
  driven_task t(work_refuses);
  t.start();
  BOOST_TEST(t.run->find("0/0")->work().kind == "invalid");
}

BOOST_AUTO_TEST_CASE(a_call_has_the_deadline_it_was_given_or_thirty_seconds_or_none) {
  driven_task t(called_within);
  t.start();
  BOOST_TEST((t.run->find("0/0")->due == first_turn + milliseconds(2'000)));
  BOOST_TEST(t.run->find("0/0")->call_key == "order-1");
  t.answer("0/0");
  BOOST_TEST((t.run->find("0/1")->due == first_turn + milliseconds(31'000)));
  t.answer("0/1");
  BOOST_TEST((t.run->find("0/2")->due == never));
}

BOOST_AUTO_TEST_CASE(a_call_ends_no_later_than_the_call_it_serves) {
  document_map documents;
  test::scripted_port port;
  task_origin origin;
  origin.message.to = agent_id::parse("desk/self").value();
  origin.message.deadline = first_turn + milliseconds(500);
  task_run run(origin, lets_it_fail, documents, port);
  run.start(first_turn);
  BOOST_TEST((run.find("0/0")->due == first_turn + milliseconds(500)));
}

BOOST_AUTO_TEST_CASE(an_effect_awaited_twice_is_asked_for_once) {
  driven_task t(awaits_twice);
  t.start();
  t.answer("0/0", 8);
  BOOST_TEST(t.ended() == ended::finished);
  BOOST_TEST(t.reply() == json::parse(R"({"first": 8, "again": 8})"));
}

BOOST_AUTO_TEST_CASE(continue_with_ends_the_task_and_names_the_next_input) {
  driven_task t(goes_on, json::parse(R"({"left": 3})"));
  t.start();
  t.answer("0/0");
  BOOST_TEST(t.ended() == ended::continued);
  BOOST_TEST(t.last.continue_with == "2");
}

BOOST_AUTO_TEST_CASE(a_turn_records_when_it_was_and_what_resumed_it) {
  driven_task t(ask_twice);
  t.start();
  t.answer("0/0", 12);
  BOOST_TEST((t.last.record.time == first_turn + milliseconds(1'000)));
  BOOST_TEST(t.last.record.resumed_by == "0/0");
  BOOST_TEST(t.last.record.answer.body == "12");
  BOOST_REQUIRE(t.last.record.asked.size() == 1u);
  BOOST_TEST(t.last.record.asked[0].effect == "0/1");
}

BOOST_AUTO_TEST_CASE(an_answer_nobody_waits_for_breaks_an_invariant) {
  driven_task t(ask_twice);
  t.start();
  BOOST_CHECK_THROW(t.answer("0/9"), std::logic_error);
}

BOOST_AUTO_TEST_CASE(a_task_dropped_while_it_waits_leaves_nothing_behind) {
  driven_task t(ask_twice);
  t.start();
  t.run.reset();
  BOOST_TEST(t.journal.size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
