// Agents that are kept for a while only: purged when nothing is open, born again by the next message.
#include "runtime/base/object.hpp"
#include "runtime/task/context.hpp"
#include "tests/support/sim_node.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace troupe;
using testing::sim_node;

namespace {

constexpr milliseconds second{1'000};

task<json> count(context& ctx, json) {
  auto held = ctx.get("count");
  ctx.put("count", held.is_null() ? 1 : held.get<int>() + 1);
  co_return ctx.get("count");
}

task<json> wait(context& ctx, json) {
  auto got = co_await ctx.wait_signal("go", "");
  co_return got;
}

task<json> beckon(context& ctx, json) {
  ctx.signal("brief/a", "go", "", json(1));
  co_return json();
}

task<json> set_alarm(context& ctx, json) {
  ctx.set_timer("alarm", ctx.now() + milliseconds(60'000), "count", json::object());
  co_return json();
}

kind_registry kinds() {
  kind_registry all;
  auto brief = kind("brief").kept(second).on("count", count).on("wait", wait).on("set_alarm", set_alarm);
  BOOST_REQUIRE(all.add(brief.spec()));
  BOOST_REQUIRE(all.add(kind("lasting").on("count", count).on("beckon", beckon).spec()));
  return all;
}

struct retention_fixture {
  retention_fixture()
      : node(sim_node::options(), kinds()) {
    node.boot();
  }

  json ask(const std::string& to, const std::string& type) {
    json told;
    auto done = [&](result<inject_answer> a) { told = json::parse(a->reply->body); };
    node.inject(to, type, "{}", done, "", true);
    node.settle();
    return told;
  }
  void pass(milliseconds d) {
    auto until = node.clock.now() + d;
    node.run(d);
    node.clock.time = until;
  }
  bool exists(const std::string& id) {
    for (const auto& a : node.agents())
      if (a.id.text() == id)
        return true;
    return false;
  }

  sim_node node;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(retention, retention_fixture)

BOOST_AUTO_TEST_CASE(an_agent_past_its_retention_is_purged_and_born_again) {
  ask("brief/a", "count");
  pass(2 * second);
  BOOST_TEST(!exists("brief/a"));
  BOOST_TEST(ask("brief/a", "count") == 1);
}

BOOST_AUTO_TEST_CASE(each_turn_begins_the_time_anew) {
  ask("brief/a", "count");
  pass(milliseconds(900));
  ask("brief/a", "count");
  pass(milliseconds(900));
  BOOST_TEST(exists("brief/a"));
}

BOOST_AUTO_TEST_CASE(a_crash_in_between_changes_nothing) {
  ask("brief/a", "count");
  pass(milliseconds(500));
  node.crash();
  BOOST_TEST(exists("brief/a"));
  pass(2 * second);
  BOOST_TEST(!exists("brief/a"));
}

BOOST_AUTO_TEST_CASE(mail_that_lay_there_over_a_crash_is_read_first) {
  ask("brief/a", "count");
  node.crash();
  node.clock.time += 10 * second;
  BOOST_TEST(ask("brief/a", "count") == 2);
}

BOOST_AUTO_TEST_CASE(an_open_task_keeps_its_agent) {
  node.inject("brief/a", "wait", "{}", [](result<inject_answer>) {});
  pass(10 * second);
  BOOST_TEST(exists("brief/a"));
  ask("lasting/b", "beckon");
  pass(10 * second);
  BOOST_TEST(!exists("brief/a"));
}

BOOST_AUTO_TEST_CASE(a_timer_keeps_its_agent) {
  ask("brief/a", "set_alarm");
  pass(10 * second);
  BOOST_TEST(exists("brief/a"));
}

BOOST_AUTO_TEST_CASE(a_signal_nobody_took_keeps_its_agent) {
  ask("brief/a", "count");
  ask("lasting/b", "beckon");
  pass(10 * second);
  BOOST_TEST(exists("brief/a"));
}

BOOST_AUTO_TEST_CASE(agents_of_other_kinds_stay) {
  ask("lasting/b", "count");
  pass(milliseconds(3'600'000));
  BOOST_TEST(exists("lasting/b"));
}

BOOST_AUTO_TEST_SUITE_END()
