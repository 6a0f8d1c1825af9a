// Agents that do not run: what becomes of their mail; and signals nobody takes.
#include "runtime/base/object.hpp"
#include "runtime/task/context.hpp"
#include "tests/support/sim_node.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace troupe;
using testing::sim_node;

namespace {

constexpr milliseconds week{7LL * 24 * 3600 * 1000};

task<json> count(context& ctx, json) {
  auto held = ctx.get("count");
  ctx.put("count", held.is_null() ? 1 : held.get<int>() + 1);
  co_return ctx.get("count");
}

task<json> send_many(context& ctx, json order) {
  for (int i = 0; i < order.at("count").get<int>(); ++i)
    ctx.send("desk/a", "count", json());
  co_return json();
}

task<json> beckon(context& ctx, json) {
  ctx.signal("desk/a", "go", "", json(1));
  co_return json();
}

kind_registry kinds() {
  kind_registry all;
  BOOST_REQUIRE(all.add(kind("desk").on("count", count).spec()));
  BOOST_REQUIRE(all.add(kind("sender").on("send_many", send_many).on("beckon", beckon).spec()));
  return all;
}

struct shell_fixture {
  shell_fixture()
      : node(sim_node::options(), kinds()) {
    node.boot();
    tell("desk/a", "count", json::object());
  }

  void tell(const std::string& to, const std::string& type, const json& body) {
    node.inject(to, type, body.dump(), [](result<inject_answer> a) { BOOST_REQUIRE(a); });
    node.settle();
  }
  void stop() {
    node.operate("desk/a", [](agent_cell& cell, instant now) { cell.stop("for a test", now); });
    node.settle();
  }
  void pass(milliseconds d) {
    node.clock.time += d;
    node.run(milliseconds(0));
  }
  std::vector<std::string> reasons() {
    std::vector<std::string> all;
    for (const auto& l : node.dead_letters())
      all.push_back(l.letter.reason);
    return all;
  }
  bool balanced() {
    auto b = node.totals();
    return b.sent == b.applied + b.skipped + b.pending + b.dead_lettered;
  }

  sim_node node;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(agents_that_do_not_run, shell_fixture)

BOOST_AUTO_TEST_CASE(mail_of_a_stopped_agent_waits_for_its_restart) {
  stop();
  tell("desk/a", "count", json::object());
  BOOST_TEST(reasons().empty());
  node.operate("desk/a", [](agent_cell& cell, instant now) { cell.restart(restart_mode::plain, now); });
  node.run();
  BOOST_TEST(node.documents("desk/a")["count"] == "2");
}

BOOST_AUTO_TEST_CASE(mail_a_week_old_becomes_a_dead_letter) {
  stop();
  tell("desk/a", "count", json::object());
  pass(week - milliseconds(1));
  BOOST_TEST(reasons().empty());
  pass(milliseconds(1));
  BOOST_TEST(reasons() == std::vector<std::string>{"stopped"});
  BOOST_TEST(balanced());
}

BOOST_AUTO_TEST_CASE(more_mail_than_fits_becomes_dead_letters_the_oldest_first) {
  stop();
  tell("sender/b", "send_many", object("count", 300));
  node.run(milliseconds(0));
  auto waiting = node.totals().pending;
  BOOST_TEST(reasons().size() + waiting == 300u);
  BOOST_TEST(waiting < 256u);
  BOOST_TEST(waiting > 100u);
  BOOST_TEST(balanced());
}

BOOST_AUTO_TEST_CASE(a_signal_nobody_took_in_a_week_is_a_dead_letter) {
  tell("sender/b", "beckon", json::object());
  pass(week - milliseconds(1));
  BOOST_TEST(reasons().empty());
  pass(milliseconds(1));
  BOOST_TEST(reasons() == std::vector<std::string>{"signal_unclaimed"});
  BOOST_TEST(balanced());
}

BOOST_AUTO_TEST_CASE(a_signals_time_to_live_survives_a_crash) {
  tell("sender/b", "beckon", json::object());
  node.crash();
  pass(week);
  BOOST_TEST(reasons() == std::vector<std::string>{"signal_unclaimed"});
}

BOOST_AUTO_TEST_SUITE_END()
