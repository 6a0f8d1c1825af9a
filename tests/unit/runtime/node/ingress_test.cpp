// Idempotency keys from outside (CORE.md §7), through a whole node on a memory journal.
#include "runtime/base/object.hpp"
#include "runtime/task/context.hpp"
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

kind_registry kinds() {
  kind_registry all;
  BOOST_REQUIRE(all.add(kind("counter").on("count", count).spec()));
  return all;
}

struct ingress_fixture {
  ingress_fixture()
      : node(sim_node::options(), kinds()) {
    node.boot();
  }

  /// Injects and runs until it is answered.
  result<inject_answer> inject(const std::string& body, const std::string& key, bool wait) {
    std::optional<result<inject_answer>> got;
    node.inject(
        "counter/a", "count", body, [&](result<inject_answer> a) { got = std::move(a); }, key, wait);
    node.run();
    BOOST_REQUIRE(got);
    return *got;
  }

  sim_node node;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(ingress, ingress_fixture)

BOOST_AUTO_TEST_CASE(the_same_key_and_body_is_the_same_message) {
  auto first = inject("{}", "k", false);
  auto second = inject("{}", "k", false);
  BOOST_TEST(first->id == second->id);
  BOOST_TEST(second->repeated);
  BOOST_TEST(node.documents("counter/a")["count"] == "1");
}

BOOST_AUTO_TEST_CASE(a_message_larger_than_a_mebibyte_is_refused) {
  auto told = inject('"' + std::string(1 << 20, 'x') + '"', "", false);
  BOOST_REQUIRE(!told);
  BOOST_TEST((told.error().what == fault::invalid));
}

BOOST_AUTO_TEST_CASE(the_same_key_survives_a_crash) {
  auto first = inject("{}", "k", false);
  node.crash();
  auto second = inject("{}", "k", false);
  BOOST_TEST(first->id == second->id);
  BOOST_TEST(node.documents("counter/a")["count"] == "1");
}

BOOST_AUTO_TEST_CASE(the_same_key_with_another_body_is_a_conflict) {
  inject("{}", "k", false);
  auto second = inject("{\"other\":1}", "k", false);
  BOOST_REQUIRE(!second);
  BOOST_TEST((second.error().what == fault::conflict));
}

BOOST_AUTO_TEST_CASE(the_same_key_twice_before_anything_is_durable_is_one_message) {
  std::vector<result<inject_answer>> got;
  auto take = [&](result<inject_answer> a) { got.push_back(std::move(a)); };
  node.inject("counter/a", "count", "{}", take, "k");
  node.inject("counter/a", "count", "{}", take, "k");
  node.inject("counter/a", "count", "{\"other\":1}", take, "k");
  node.run();
  BOOST_REQUIRE(got.size() == 3u);
  BOOST_TEST(std::count_if(got.begin(), got.end(), [](const auto& a) { return a.has_value(); }) == 2);
  BOOST_TEST(node.documents("counter/a")["count"] == "1");
}

BOOST_AUTO_TEST_CASE(a_repeated_key_brings_the_recorded_reply) {
  auto first = inject("{}", "k", true);
  node.crash();
  auto second = inject("{}", "k", true);
  BOOST_REQUIRE(second->reply);
  BOOST_TEST(second->reply->body == first->reply->body);
}

BOOST_AUTO_TEST_CASE(without_a_key_every_request_is_a_message) {
  inject("{}", "", false);
  inject("{}", "", false);
  BOOST_TEST(node.documents("counter/a")["count"] == "2");
}

BOOST_AUTO_TEST_SUITE_END()
