// Calls under a key of the caller's own: at most one attempt is out, and whatever it comes to is the answer.
#include "runtime/base/object.hpp"
#include "runtime/task/context.hpp"
#include "runtime/task/effect_error.hpp"
#include "tests/support/sim_node.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace troupe;
using testing::sim_node;

namespace {

void add(context& ctx, const char* key) {
  auto held = ctx.get(key);
  ctx.put(key, held.is_null() ? 1 : held.get<int>() + 1);
}

task<json> serve(context& ctx, json) {
  add(ctx, "begun");
  co_await ctx.sleep(milliseconds(1'000));
  add(ctx, "ended");
  co_return "served";
}

task<json> sleep_unless_canceled(context& ctx) {
  co_await ctx.sleep(milliseconds(1'000));
  co_return "served";
}

/// Ends its work although nobody waits for it any more.
task<json> serve_anyway(context& ctx, json) {
  add(ctx, "begun");
  json served = "in spite of it";
  try {
    served = co_await sleep_unless_canceled(ctx);
  } catch (const effect_failed&) {
  }
  add(ctx, "ended");
  co_return served;
}

/// {to, type, first_ms}: asks under one key until it is answered, each time as long again.
task<json> insist(context& ctx, json order) {
  auto wait = milliseconds(order.at("first_ms").get<int>());
  for (int attempt = 1; attempt <= 10; ++attempt) {
    call_options how;
    how.keyed("one-key").within(wait * attempt);
    auto told = co_await ctx.try_call(order.at("to").get<std::string>(), order.at("type").get<std::string>(),
                                      json(), how);
    if (told)
      co_return object("attempts", attempt, "told", *told);
  }
  co_return "given up";
}

kind_registry kinds() {
  kind_registry all;
  BOOST_REQUIRE(all.add(
      kind("tested").on("serve", serve).on("serve_anyway", serve_anyway).on("insist", insist).spec()));
  return all;
}

struct calls_fixture {
  calls_fixture()
      : node(sim_node::options(), kinds()) {
    node.boot();
  }

  json insist_on(const std::string& type, int first_ms) {
    auto got =
        node.ask("tested/a", "insist", object("to", "tested/b", "type", type, "first_ms", first_ms).dump());
    BOOST_REQUIRE(got);
    BOOST_REQUIRE(got->reply);
    return json::parse(got->reply->body);
  }
  int count(const std::string& key) {
    auto all = node.documents("tested/b");
    return all.contains(key) ? std::stoi(all[key]) : 0;
  }

  sim_node node;
};

/// How often `serve` ended, with crashes between the attempts, for one seed.
std::string ends_once(std::uint64_t seed) {
  sim_node::options how;
  how.seed = seed;
  how.duplicates = true;
  sim_node node(how, kinds());
  node.boot();
  auto order = object("to", "tested/b", "type", "serve", "first_ms", 300).dump();
  node.inject(
      "tested/a", "insist", order, [](result<inject_answer>) {}, "order", false);
  for (int i = 0; i < 6; ++i) {
    node.run(milliseconds(400));
    node.crash();
    node.inject(
        "tested/a", "insist", order, [](result<inject_answer>) {}, "order", false);
  }
  node.run();
  auto ended = node.documents("tested/b")["ended"];
  auto books = node.totals();
  bool balanced = books.pending == 0 && books.sent == books.applied + books.skipped + books.dead_lettered;
  return ended == "1" && balanced ? "" : "seed " + std::to_string(seed) + ": it ended " + ended + " times";
}

std::string ends_once_for_all_seeds() {
  for (std::uint64_t seed = 1; seed <= 40; ++seed)
    if (auto problem = ends_once(seed); !problem.empty())
      return problem;
  return "";
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(calls_under_a_key, calls_fixture)

BOOST_AUTO_TEST_CASE(the_next_attempt_runs_once_the_last_was_canceled) {
  BOOST_TEST(insist_on("serve", 400) == object("attempts", 3, "told", "served"));
  BOOST_TEST(count("begun") == 3);
  BOOST_TEST(count("ended") == 1);
}

BOOST_AUTO_TEST_CASE(a_result_that_comes_late_is_the_result_of_the_next_attempt) {
  BOOST_TEST(insist_on("serve_anyway", 400) == object("attempts", 2, "told", "in spite of it"));
  BOOST_TEST(count("begun") == 1);
  BOOST_TEST(count("ended") == 1);
}

BOOST_AUTO_TEST_CASE(an_attempt_that_never_began_is_made_again) {
  node.inject("tested/b", "serve", "{}", [](result<inject_answer>) {});
  node.settle();
  BOOST_TEST(insist_on("serve", 300)["told"] == "served");
  BOOST_TEST(count("ended") == 2);
}

BOOST_AUTO_TEST_CASE(crashes_between_attempts_change_nothing) { BOOST_TEST(ends_once_for_all_seeds() == ""); }

BOOST_AUTO_TEST_SUITE_END()
