#include "tests/unit/runtime/task/driven_task.hpp"

#include "runtime/base/object.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;
using troupe::test::driven_task;
using ended = turn_result::state;

namespace {

task<json> reads_and_writes(context& ctx, json) {
  auto before = ctx.get("count");
  ctx.put("count", before.get<int>() + 1);
  co_await ctx.sleep(milliseconds(1));
  auto after = ctx.get("count");
  ctx.put("count", after.get<int>() + 1);
  auto absent = ctx.get("nothing");
  co_return object("before", before, "after", after, "absent", absent);
}

task<json> erases(context& ctx, json) {
  ctx.erase("count");
  co_await ctx.sleep(milliseconds(1));
  co_return ctx.get("count");
}

task<json> writes_too_much(context& ctx, json) {
  bool refused = false;
  try {
    ctx.put("big", std::string(2'000'000, 'x'));
  } catch (const effect_failed&) {
    refused = true;
  }
  auto way = refused ? "small" : "big";
  co_return co_await ctx.call("desk/other", way, json());
}

task<json> names_too_long(context& ctx, json) {
  ctx.put(std::string(257, 'k'), 1);
  co_return json();
}

task<json> reads_another(context& ctx, json) {
  auto other = ctx.get("other");
  co_await ctx.sleep(milliseconds(1));
  co_return other;
}

} // namespace

BOOST_AUTO_TEST_SUITE(task_interleaved)

BOOST_AUTO_TEST_CASE(every_read_is_recorded_with_its_turn) {
  driven_task t(reads_and_writes, nullptr, driven_task::kind::interleaved);
  t.documents.load("count", "5");
  t.start();
  BOOST_REQUIRE(t.last.record.noted.size() == 1u);
  BOOST_TEST(t.last.record.noted[0].verb == "state.get");
  BOOST_TEST(t.last.record.noted[0].target == "count");
  BOOST_TEST(t.last.record.noted[0].result.body == "5");
}

BOOST_AUTO_TEST_CASE(a_replay_reads_what_was_read_then) {
  driven_task t(reads_and_writes, nullptr, driven_task::kind::interleaved);
  t.documents.load("count", "5");
  t.start();
  t.documents.put("count", "40"); // another task of the agent
  t.answer("0/1");
  driven_task again(t, reads_and_writes, 1);
  BOOST_TEST(again.document("count") == 41);
  again.answer("0/1");
  BOOST_TEST(again.reply() == json::parse(R"({"before": 5, "after": 41, "absent": null})"));
}

BOOST_AUTO_TEST_CASE(a_replay_writes_nothing_again) {
  driven_task t(reads_and_writes, nullptr, driven_task::kind::interleaved);
  t.documents.load("count", "5");
  t.start();
  driven_task again(t, reads_and_writes);
  BOOST_TEST(again.documents.changes().empty());
  BOOST_TEST(again.document("count") == 6);
}

BOOST_AUTO_TEST_CASE(a_replay_erases_nothing_again) {
  driven_task t(erases, nullptr, driven_task::kind::interleaved);
  t.start();
  t.documents.put("count", "7"); // another task of the agent
  driven_task again(t, erases);
  BOOST_TEST(again.document("count") == 7);
}

BOOST_AUTO_TEST_CASE(a_write_refused_then_is_refused_in_a_replay) {
  driven_task t(writes_too_much, nullptr, driven_task::kind::interleaved);
  t.start();
  BOOST_TEST(t.run->find("0/0")->type == "small");
  driven_task again(t, writes_too_much);
  BOOST_TEST(again.ended() == ended::suspended);
}

BOOST_AUTO_TEST_CASE(a_read_of_another_document_diverges) {
  driven_task t(reads_and_writes, nullptr, driven_task::kind::interleaved);
  t.documents.load("count", "5");
  t.start();
  driven_task again(t, reads_another);
  BOOST_TEST(again.ended() == ended::diverged);
}

BOOST_AUTO_TEST_CASE(an_exclusive_kind_records_no_reads) {
  driven_task t(reads_and_writes);
  t.documents.load("count", "5");
  t.start();
  BOOST_TEST(t.last.record.noted.empty());
}

BOOST_AUTO_TEST_CASE(the_name_of_a_document_has_a_limit) {
  driven_task t(names_too_long);
  t.start();
  BOOST_TEST(t.last.reply.kind == "invalid");
}

BOOST_AUTO_TEST_SUITE_END()
