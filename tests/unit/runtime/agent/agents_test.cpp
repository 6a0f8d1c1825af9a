// What agents promise, seen through a whole node on a memory journal.
#include "runtime/base/object.hpp"
#include "runtime/task/context.hpp"
#include "runtime/task/join.hpp"
#include "tests/support/sim_node.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace troupe;
using testing::sim_node;

namespace {

task<json> count(context& ctx, json) {
  auto held = ctx.get("count");
  int next = held.is_null() ? 1 : held.get<int>() + 1;
  ctx.put("count", next);
  co_return next;
}

task<json> slow_count(context& ctx, json) {
  co_await ctx.sleep(milliseconds(1000));
  auto held = ctx.get("count");
  int next = held.is_null() ? 1 : held.get<int>() + 1;
  ctx.put("count", next);
  co_return next;
}

task<json> ask_other(context& ctx, json request) {
  auto got = co_await ctx.try_call(request.at("to").get<std::string>(), request.at("type").get<std::string>(),
                                   request);
  co_return got ? object("ok", *got) : object("kind", got.error().kind);
}

task<json> wait_for_approval(context& ctx, json) {
  auto decided = co_await ctx.wait_signal("approval", "case-1", milliseconds(60'000));
  co_return decided;
}

task<json> approve(context& ctx, json request) {
  ctx.signal(request.at("to").get<std::string>(), "approval", "case-1", object("by", "ada"));
  co_return nullptr;
}

task<json> raise(context&, json) {
  throw effect_failed("rejected", "not today");
  co_return nullptr;
}

task<json> crash(context&, json) {
  throw std::runtime_error("a defect");
  co_return nullptr;
}

task<json> pay_bank(context& ctx, json order) {
  auto receipt = co_await ctx.outside("bank.wire", "bank", order);
  ctx.put("receipt", receipt);
  co_await ctx.sleep(milliseconds(1000));
  co_return receipt;
}

task<json> set_alarm(context& ctx, json) {
  ctx.set_timer("alarm", ctx.now() + milliseconds(5000), "count", json::object());
  co_return nullptr;
}

task<json> one_more(context& ctx, json left) {
  auto held = ctx.get("count");
  ctx.put("count", held.is_null() ? 1 : held.get<int>() + 1);
  if (left.get<int>() > 1)
    co_return ctx.continue_with(left.get<int>() - 1);
  co_return ctx.get("count");
}

kind_registry kinds() {
  kind_registry all;
  auto tested = kind("tested")
                    .on("count", count)
                    .on("slow_count", slow_count)
                    .on("ask_other", ask_other)
                    .on("wait", wait_for_approval)
                    .on("approve", approve)
                    .on("raise", raise)
                    .on("crash", crash)
                    .on("pay_bank", pay_bank)
                    .on("set_alarm", set_alarm)
                    .on("one_more", one_more);
  BOOST_REQUIRE(all.add(tested.spec()));
  BOOST_REQUIRE(
      all.add(kind("service").interleaved().on("slow_count", slow_count).on("ask_other", ask_other).spec()));
  return all;
}

struct node_fixture {
  node_fixture()
      : node(sim_node::options(), kinds()) {
    node.boot();
  }

  json reply_of(const std::string& to, const std::string& type, const json& body) {
    auto got = node.ask(to, type, body.dump());
    BOOST_REQUIRE(got);
    BOOST_REQUIRE(got->reply);
    return got->reply->ok ? json::parse(got->reply->body) : object("failed", got->reply->kind);
  }
  void send(const std::string& to, const std::string& type, const json& body) {
    node.inject(to, type, body.dump(), [](result<inject_answer> a) { BOOST_REQUIRE(a); });
  }
  json document(const std::string& agent, const std::string& key) {
    auto all = node.documents(agent);
    return all.contains(key) ? json::parse(all[key]) : json();
  }

  sim_node node;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(agents, node_fixture)

BOOST_AUTO_TEST_CASE(a_message_to_an_unknown_key_creates_the_agent) {
  BOOST_TEST(reply_of("tested/new", "count", json::object()) == 1);
  BOOST_TEST(reply_of("tested/new", "count", json::object()) == 2);
}

BOOST_AUTO_TEST_CASE(state_survives_a_crash) {
  reply_of("tested/a", "count", json::object());
  node.crash();
  BOOST_TEST(reply_of("tested/a", "count", json::object()) == 2);
}

BOOST_AUTO_TEST_CASE(a_sleeping_task_goes_on_after_a_crash_and_writes_once) {
  send("tested/a", "slow_count", json::object());
  node.settle();
  node.crash();
  node.run();
  BOOST_TEST(document("tested/a", "count") == 1);
}

BOOST_AUTO_TEST_CASE(a_recorded_answer_of_the_outside_is_not_asked_for_again) {
  send("tested/a", "pay_bank", object("amount", 5));
  node.settle();
  node.crash();
  node.run();
  BOOST_TEST(node.effects_seen.size() == 1u);
  BOOST_TEST(document("tested/a", "receipt") == object("amount", 5));
}

BOOST_AUTO_TEST_CASE(a_call_brings_the_callees_answer) {
  auto got = reply_of("tested/a", "ask_other", object("to", "tested/b", "type", "count"));
  BOOST_TEST(got == object("ok", 1));
}

BOOST_AUTO_TEST_CASE(a_call_into_ones_own_chain_fails_at_once) {
  auto got = reply_of("tested/a", "ask_other", object("to", "tested/a", "type", "count"));
  BOOST_TEST(got == object("kind", "call_cycle"));
}

BOOST_AUTO_TEST_CASE(an_interleaved_service_may_call_itself) {
  auto got = reply_of("service/a", "ask_other", object("to", "service/a", "type", "slow_count"));
  BOOST_TEST(got == object("ok", 1));
}

BOOST_AUTO_TEST_CASE(an_unanswered_call_ends_at_its_deadline) {
  auto got = reply_of("tested/a", "ask_other", object("to", "tested/b", "type", "wait"));
  BOOST_TEST(got == object("kind", "timeout"));
}

BOOST_AUTO_TEST_CASE(a_callee_that_raises_tells_its_caller) {
  auto got = reply_of("tested/a", "ask_other", object("to", "tested/b", "type", "raise"));
  BOOST_TEST(got == object("kind", "rejected"));
}

BOOST_AUTO_TEST_CASE(a_call_without_a_handler_is_answered_invalid) {
  auto got = reply_of("tested/a", "ask_other", object("to", "tested/b", "type", "no_such"));
  BOOST_TEST(got == object("kind", "invalid"));
}

BOOST_AUTO_TEST_CASE(a_signal_before_its_wait_is_kept_for_it) {
  reply_of("tested/a", "count", json::object()); // signals do not create agents
  reply_of("tested/b", "approve", object("to", "tested/a"));
  BOOST_TEST(reply_of("tested/a", "wait", json::object()) == object("by", "ada"));
}

BOOST_AUTO_TEST_CASE(a_signal_wakes_a_wait_across_a_crash) {
  send("tested/a", "wait", json::object());
  node.settle();
  node.crash();
  reply_of("tested/b", "approve", object("to", "tested/a"));
  BOOST_TEST(node.totals().pending == 0u);
}

BOOST_AUTO_TEST_CASE(a_timer_is_mail_from_the_agent_to_itself) {
  reply_of("tested/a", "set_alarm", json::object());
  node.crash();
  node.run();
  BOOST_TEST(document("tested/a", "count") == 1);
}

BOOST_AUTO_TEST_CASE(continue_with_hands_the_caller_on) {
  BOOST_TEST(reply_of("tested/a", "one_more", 5) == 5);
}

BOOST_AUTO_TEST_CASE(a_message_whose_handler_fails_is_a_dead_letter) {
  send("tested/a", "raise", json::object());
  node.run();
  BOOST_REQUIRE(node.dead_letters().size() == 1u);
  BOOST_TEST(node.dead_letters()[0].letter.reason == "effect_failed");
}

BOOST_AUTO_TEST_CASE(the_third_crash_ends_the_message_and_the_stream_moves_on) {
  send("tested/a", "crash", json::object());
  send("tested/a", "count", json::object());
  node.run();
  BOOST_REQUIRE(node.dead_letters().size() == 1u);
  BOOST_TEST(node.dead_letters()[0].letter.reason == "agent.crashed");
  BOOST_TEST(document("tested/a", "count") == 1);
}

BOOST_AUTO_TEST_CASE(the_caller_of_a_crashing_handler_is_told) {
  auto got = reply_of("tested/a", "ask_other", object("to", "tested/b", "type", "crash"));
  BOOST_TEST(got == object("kind", "agent.crashed"));
}

BOOST_AUTO_TEST_CASE(an_idle_agent_passivates_and_comes_back_with_its_state) {
  reply_of("tested/a", "count", json::object());
  node.passivate_idle();
  BOOST_TEST(!node.is_active("tested/a"));
  BOOST_TEST(reply_of("tested/a", "count", json::object()) == 2);
}

BOOST_AUTO_TEST_CASE(a_waiting_agent_passivates_and_time_wakes_it) {
  send("tested/a", "slow_count", json::object());
  node.settle();
  node.passivate_idle();
  BOOST_TEST(!node.is_active("tested/a"));
  node.run();
  BOOST_TEST(document("tested/a", "count") == 1);
}

BOOST_AUTO_TEST_CASE(a_stopped_agent_answers_calls_unavailable_until_it_is_restarted) {
  reply_of("tested/b", "count", json::object());
  node.operate("tested/b", [](agent_cell& cell, instant now) { cell.stop("for a test", now); });
  auto refused = reply_of("tested/a", "ask_other", object("to", "tested/b", "type", "count"));
  node.operate("tested/b", [](agent_cell& cell, instant now) { cell.restart(restart_mode::plain, now); });
  auto answered = reply_of("tested/a", "ask_other", object("to", "tested/b", "type", "count"));
  BOOST_TEST(refused == object("kind", "unavailable"));
  BOOST_TEST(answered == object("ok", 2));
}

BOOST_AUTO_TEST_CASE(why_says_what_a_task_waits_for) {
  send("tested/a", "wait", json::object());
  node.settle();
  agent_view view;
  node.operate("tested/a", [&](agent_cell& cell, instant now) { view = cell.view(true, now); });
  BOOST_TEST((view.state == agent_state::waiting));
  BOOST_REQUIRE(view.why.size() == 1u);
  BOOST_TEST(view.why[0].find("a signal \"approval\" with correlation \"case-1\"") != std::string::npos,
             view.why[0]);
}

BOOST_AUTO_TEST_CASE(the_books_balance_after_all_of_this) {
  send("tested/a", "raise", json::object());
  reply_of("tested/a", "ask_other", object("to", "tested/b", "type", "wait"));
  node.run();
  auto l = node.totals();
  BOOST_TEST(l.sent == l.applied + l.skipped + l.pending + l.dead_lettered);
  BOOST_TEST(l.pending == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
