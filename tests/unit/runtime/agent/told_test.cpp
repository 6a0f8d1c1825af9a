// Ephemeral messages: what is told, queries, and what neither leaves behind.
#include "runtime/base/object.hpp"
#include "runtime/task/context.hpp"
#include "tests/support/sim_node.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace troupe;
using testing::sim_node;

namespace {

json note(context& ctx, json what) {
  auto held = ctx.get("seen");
  auto seen = held.is_null() ? json::array() : held;
  seen.push_back(std::move(what));
  ctx.put("seen", seen);
  return seen.size();
}

json tell_on(context& ctx, json numbers) {
  const auto to = ctx.address("desk/b");
  for (const auto& n : numbers)
    ctx.tell(to, "note", n);
  return nullptr;
}

json price(context&, json thing) {
  if (thing == "nothing")
    throw effect_failed("not_found", "there is no such thing");
  if (thing == "bomb")
    throw std::runtime_error("a defect");
  return 42;
}

json forget_all(context& ctx, json) {
  ctx.put("seen", json::array());
  throw effect_failed("rejected", "not today");
}

json note_sender(context& ctx, json) { return note(ctx, ctx.message().from.key()); }

task<json> does_nothing(context&, json) { co_return nullptr; }

task<json> slow_price(context& ctx, json) {
  co_await ctx.sleep(milliseconds(1000));
  co_return 43;
}

task<json> inquire(context& ctx, json request) {
  try {
    const auto to = ctx.address(request.at("to").get<std::string>());
    json got =
        co_await ctx.query(to, request.at("type").get<std::string>(), request.at("thing"), milliseconds(500));
    ctx.tell("desk/log", "note", got);
    co_return got;
  } catch (const effect_failed& e) {
    ctx.tell("desk/log", "note", e.kind());
    co_return e.kind();
  }
}

/// Asks twice; the sleep between makes it a task that must last.
task<json> inquire_and_sleep(context& ctx, json) {
  json first = co_await ctx.query("shop/main", "price", "bread");
  co_await ctx.sleep(milliseconds(1000));
  json second = co_await ctx.query("shop/main", "price", "milk");
  json both = first.get<int>() + second.get<int>();
  ctx.tell("desk/log", "note", both);
  co_return both;
}

kind_registry kinds() {
  kind_registry all;
  BOOST_REQUIRE(all.add(kind("desk")
                            .on("note", note)
                            .on("note_sender", note_sender)
                            .on("does_nothing", does_nothing)
                            .on("tell_on", tell_on)
                            .on("forget_all", forget_all)
                            .on("inquire", inquire)
                            .on("inquire_and_sleep", inquire_and_sleep)
                            .spec()));
  BOOST_REQUIRE(all.add(kind("shop").on("price", price).on("slow_price", slow_price).spec()));
  return all;
}

struct told_fixture {
  told_fixture()
      : node(sim_node::options(), kinds()) {
    node.boot();
    for (const auto* name : {"desk/a", "desk/b", "desk/log", "shop/main"})
      node.operate(name, [](agent_cell&, instant) {}); // what is told to nobody is lost
  }

  void tell(const std::string& to, const std::string& type, const json& body) {
    node.operate(to, [&](agent_cell& cell, instant now) {
      told what;
      what.to = *agent_id::parse(to);
      what.items.push_back({type, body.dump()});
      cell.deliver_told(std::move(what));
      cell.work(now, 100);
    });
  }
  void crash_shop() {
    tell("shop/main", "price", "bomb");
    node.run();
    node.clock.time += milliseconds(60'000); // beyond its supervisor's window
  }
  json seen(const std::string& agent) {
    auto all = node.documents(agent);
    return all.contains("seen") ? json::parse(all["seen"]) : json::array();
  }
  json asked(const std::string& type, const std::string& thing, const std::string& to = "shop/main") {
    auto got = node.ask("desk/a", "inquire", object("to", to, "type", type, "thing", thing).dump());
    BOOST_REQUIRE((got && got->reply && got->reply->ok));
    return json::parse(got->reply->body);
  }

  sim_node node;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(told_messages, told_fixture)

BOOST_AUTO_TEST_CASE(what_is_told_arrives_once_and_in_order) {
  tell("desk/a", "tell_on", json::array({1, 2, 3}));
  node.run();
  BOOST_TEST(seen("desk/b") == json::array({1, 2, 3}));
}

BOOST_AUTO_TEST_CASE(each_knows_who_told_it) {
  node.operate("desk/b", [](agent_cell& cell, instant now) {
    told first, second;
    first.to = second.to = *agent_id::parse("desk/b");
    first.from = *agent_id::parse("desk/x");
    second.from = *agent_id::parse("desk/y");
    first.items = {{"note_sender", "null"}};
    second.items = {{"does_nothing", "null"}, {"note_sender", "null"}, {"note_sender", "null"}};
    cell.deliver_told(first);
    cell.deliver_told(second);
    cell.work(now, 100);
  });
  node.run();
  BOOST_TEST(seen("desk/b") == json::array({"x", "y", "y"}));
}

BOOST_AUTO_TEST_CASE(what_is_told_is_in_no_book) {
  const auto before = node.totals();
  tell("desk/a", "tell_on", json::array({1, 2, 3}));
  node.run();
  BOOST_TEST(node.totals().sent == before.sent);
  BOOST_TEST(node.totals().applied == before.applied);
}

BOOST_AUTO_TEST_CASE(telling_what_changes_nothing_writes_nothing) {
  node.run();
  const auto before = node.totals().commits;
  tell("shop/main", "price", "bread");
  node.run();
  BOOST_TEST(node.totals().commits == before);
}

BOOST_AUTO_TEST_CASE(a_handler_that_fails_leaves_nothing_and_no_dead_letter) {
  tell("desk/b", "note", 1);
  tell("desk/b", "forget_all", nullptr);
  node.run();
  BOOST_TEST(seen("desk/b") == json::array({1}));
  BOOST_TEST(node.dead_letters().empty());
}

BOOST_AUTO_TEST_CASE(a_crash_in_it_restarts_the_agent_and_counts_against_nobody) {
  crash_shop();
  crash_shop();
  crash_shop();
  BOOST_TEST(node.dead_letters().empty());
  BOOST_TEST(asked("price", "bread") == 42);
}

BOOST_AUTO_TEST_CASE(what_nobody_handles_is_counted) {
  tell("desk/a", "no_such_thing", nullptr);
  node.run();
  BOOST_TEST(node.told_in_vain() == 1u);
}

BOOST_AUTO_TEST_CASE(a_query_brings_the_answer) { BOOST_TEST(asked("price", "bread") == 42); }

BOOST_AUTO_TEST_CASE(a_query_reaches_an_agent_that_rests) {
  node.passivate_idle();
  BOOST_TEST(asked("price", "bread") == 42);
}

BOOST_AUTO_TEST_CASE(a_failure_is_an_answer) { BOOST_TEST(asked("price", "nothing") == "not_found"); }

BOOST_AUTO_TEST_CASE(a_type_without_a_handler_is_an_answer) {
  BOOST_TEST(asked("no_such_thing", "bread") == "invalid");
}

BOOST_AUTO_TEST_CASE(an_answer_that_comes_too_late_is_a_timeout) {
  BOOST_TEST(asked("slow_price", "bread") == "timeout");
}

BOOST_AUTO_TEST_CASE(an_agent_cannot_ask_itself) { BOOST_TEST(asked("note", "x", "desk/a") == "call_cycle"); }

BOOST_AUTO_TEST_CASE(a_task_that_was_told_to_ask_writes_nothing) {
  node.run();
  const auto before = node.totals().commits;
  tell("desk/a", "inquire", object("to", "shop/main", "type", "price", "thing", "bread"));
  node.settle();
  BOOST_TEST(seen("desk/log") == json::array({42}));
  BOOST_TEST(node.totals().commits == before + 1); // the log's own
}

BOOST_AUTO_TEST_CASE(a_task_in_memory_is_lost_with_it) {
  tell("desk/a", "inquire", object("to", "shop/main", "type", "slow_price", "thing", "bread"));
  node.crash();
  node.run();
  BOOST_TEST(seen("desk/log").empty());
}

BOOST_AUTO_TEST_CASE(a_task_that_asked_and_then_sleeps_survives_a_crash_with_its_answer) {
  tell("desk/a", "inquire_and_sleep", nullptr);
  node.settle();
  node.crash();
  for (const auto* name : {"desk/log", "shop/main"})
    node.operate(name, [](agent_cell&, instant) {});
  node.run();
  BOOST_TEST(seen("desk/log") == json::array({84}));
}

BOOST_AUTO_TEST_CASE(a_query_of_a_task_that_lasts_is_unavailable_after_a_crash) {
  node.inject("desk/a", "inquire", object("to", "shop/main", "type", "slow_price", "thing", "x").dump(),
              [](result<inject_answer> a) { BOOST_REQUIRE(a); });
  node.settle();
  node.crash();
  node.operate("desk/log", [](agent_cell&, instant) {});
  node.run();
  BOOST_TEST(seen("desk/log") == json::array({"unavailable"}));
}

BOOST_AUTO_TEST_CASE(a_full_mailbox_refuses_what_is_told_and_keeps_its_order) {
  node.operate("desk/b", [](agent_cell& cell, instant now) {
    for (int i = 0; i < 20; ++i) {
      told what;
      what.to = *agent_id::parse("desk/b");
      what.items.assign(1'000, {"note", "1"});
      cell.deliver_told(std::move(what));
    }
    cell.work(now, 1);
  });
  BOOST_TEST(node.told_in_vain() == 4'000u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(plain_handlers, told_fixture)

BOOST_AUTO_TEST_CASE(a_plain_handler_answers_a_call) {
  auto got = node.ask("desk/b", "note", "7");
  BOOST_REQUIRE((got && got->reply && got->reply->ok));
  BOOST_TEST(got->reply->body == "1");
  BOOST_TEST(seen("desk/b") == json::array({7}));
}

BOOST_AUTO_TEST_CASE(its_failure_drops_what_it_wrote) {
  node.ask("desk/b", "note", "7");
  auto got = node.ask("desk/b", "forget_all", "null");
  BOOST_REQUIRE((got && got->reply));
  BOOST_TEST(got->reply->kind == "rejected");
  BOOST_TEST(seen("desk/b") == json::array({7}));
}

BOOST_AUTO_TEST_CASE(its_third_crash_makes_the_message_a_dead_letter) {
  node.inject("shop/main", "price", R"("bomb")", [](result<inject_answer> a) { BOOST_REQUIRE(a); });
  node.run();
  BOOST_REQUIRE(node.dead_letters().size() == 1u);
  BOOST_TEST(node.dead_letters()[0].letter.reason == "agent.crashed");
}

BOOST_AUTO_TEST_CASE(one_type_has_one_handler) {
  kind_registry all;
  BOOST_TEST(!all.add(kind("both").on("price", price).on("price", slow_price).spec()));
}

BOOST_AUTO_TEST_SUITE_END()
