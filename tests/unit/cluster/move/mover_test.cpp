#include "cluster/move/mover.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;
using namespace troupe::cluster;

namespace {

using what = move_step::what;

/// A source (epoch 1) and a target (epoch 2) whose steps the test carries or loses.
struct two_nodes {
  double watch = 0;
  mover source{{milliseconds(5'000), [this] { return watch += 1; }}, 1};
  mover target{{milliseconds(5'000), [this] { return watch += 1; }}, 2};
  instant now = from_ms(0);
  agent_id id = *agent_id::make("default", "k", "a");
  std::optional<result<move_report>> came;
  std::vector<move_action> at_source, at_target;
  std::string refusal;

  void begin() {
    source.begin(
        id, "one", 2, "two", [this](result<move_report> r) { came = std::move(r); }, now);
    collect();
  }
  void collect() {
    for (auto& a : source.take_actions())
      at_source.push_back(std::move(a));
    for (auto& a : target.take_actions())
      at_target.push_back(std::move(a));
  }
  template<class A>
  std::optional<A> took(std::vector<move_action>& from) {
    for (auto at = from.begin(); at != from.end(); ++at)
      if (auto* a = std::get_if<A>(&*at)) {
        A found = *a;
        from.erase(at);
        return found;
      }
    return std::nullopt;
  }
  /// Carries the next step of one of them to the other.
  void carry_from_source() {
    auto s = took<send_step>(at_source);
    BOOST_REQUIRE(s.has_value());
    target.received(1, s->step, refusal, now);
    collect();
  }
  void carry_from_target() {
    auto s = took<send_step>(at_target);
    BOOST_REQUIRE(s.has_value());
    source.received(2, s->step, "", now);
    collect();
  }
  void to_take() {
    begin();
    carry_from_source(); // prepare
    carry_from_target(); // ready
    auto f = took<freeze_agent>(at_source);
    BOOST_REQUIRE(f.has_value());
    source.frozen(f->move, std::uint64_t(7), now);
    collect();
  }
  void late() {
    now += milliseconds(6'000);
    source.tick(now);
    collect();
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(mover_tests)

BOOST_AUTO_TEST_CASE(prepare_freeze_take_let_go) {
  two_nodes n;
  n.to_take();
  n.carry_from_source();
  auto take = n.took<take_agent>(n.at_target);
  BOOST_REQUIRE(take.has_value());
  BOOST_TEST(take->epoch == 7u);
  n.target.took(1, take->move, n.id, std::uint64_t(8));
  n.collect();
  n.carry_from_target();
  BOOST_TEST(n.took<let_go_agent>(n.at_source).has_value());
  BOOST_REQUIRE((n.came && *n.came));
  BOOST_TEST((*n.came)->epoch == 8u);
  BOOST_TEST((*n.came)->phases.size() == 3u);
  BOOST_TEST((*n.came)->paused_ms > 0);
}

BOOST_AUTO_TEST_CASE(a_refusal_changes_nothing) {
  two_nodes n;
  n.refusal = "it takes no new agents";
  n.begin();
  n.carry_from_source();
  n.carry_from_target();
  BOOST_REQUIRE((n.came && !*n.came));
  BOOST_TEST(n.came->error().message == "k/a stays on one: two would not take it: " + n.refusal);
  BOOST_TEST(!n.took<freeze_agent>(n.at_source).has_value());
}

BOOST_AUTO_TEST_CASE(silence_before_the_take_thaws) {
  two_nodes n;
  n.begin();
  n.carry_from_source();
  n.carry_from_target();
  n.late(); // the last commit's outcome never becomes known
  BOOST_TEST(n.took<thaw_agent>(n.at_source).has_value());
  BOOST_REQUIRE((n.came && !*n.came));
}

BOOST_AUTO_TEST_CASE(silence_after_the_take_asks_the_row) {
  for (bool taken : {true, false}) {
    two_nodes n;
    n.to_take();
    n.late();
    auto asked = n.took<find_owner>(n.at_source);
    BOOST_REQUIRE(asked.has_value());
    BOOST_TEST(!n.came.has_value());
    n.source.owner_found(asked->move, std::pair<node_epoch, std::uint64_t>(taken ? 2 : 1, 8), n.now);
    n.collect();
    BOOST_TEST(n.took<let_go_agent>(n.at_source).has_value() == taken);
    BOOST_TEST(n.took<thaw_agent>(n.at_source).has_value() == !taken);
    BOOST_REQUIRE(n.came.has_value());
    BOOST_TEST(n.came->has_value() == taken);
  }
}

BOOST_AUTO_TEST_CASE(it_stands_still_until_the_store_can_tell) {
  two_nodes n;
  n.to_take();
  n.source.node_gone(2, n.now);
  n.collect();
  auto asked = n.took<find_owner>(n.at_source);
  n.source.owner_found(asked->move, fail(fault::unavailable, "away"), n.now);
  n.collect();
  BOOST_TEST(!n.took<thaw_agent>(n.at_source).has_value());
  n.late();
  BOOST_TEST(n.took<find_owner>(n.at_source).has_value());
}

BOOST_AUTO_TEST_CASE(a_target_that_dies_while_it_prepares_changes_nothing) {
  two_nodes n;
  n.begin();
  n.source.node_gone(2, n.now);
  n.collect();
  BOOST_REQUIRE((n.came && !*n.came));
  BOOST_TEST(!n.took<thaw_agent>(n.at_source).has_value());
}

BOOST_AUTO_TEST_CASE(a_passive_agent_is_taken_as_its_row_stands) {
  two_nodes n;
  n.begin();
  n.carry_from_source();
  n.carry_from_target();
  auto f = n.took<freeze_agent>(n.at_source);
  n.source.frozen(f->move, fail(fault::not_found, "not active"), n.now);
  n.collect();
  auto asked = n.took<find_owner>(n.at_source);
  BOOST_REQUIRE(asked.has_value());
  n.source.owner_found(asked->move, std::pair<node_epoch, std::uint64_t>(1, 4), n.now);
  n.collect();
  auto step = n.took<send_step>(n.at_source);
  BOOST_REQUIRE(step.has_value());
  BOOST_TEST(step->step.epoch == 4u);
}

BOOST_AUTO_TEST_CASE(steps_that_arrive_twice_are_taken_once) {
  two_nodes n;
  n.to_take();
  auto take = *n.took<send_step>(n.at_source);
  n.target.received(1, take.step, "", n.now);
  n.target.received(1, take.step, "", n.now);
  n.collect();
  BOOST_TEST(n.took<take_agent>(n.at_target).has_value());
  BOOST_TEST(!n.took<take_agent>(n.at_target).has_value());
}

BOOST_AUTO_TEST_CASE(one_move_of_an_agent_at_a_time) {
  two_nodes n;
  n.begin();
  std::optional<result<move_report>> second;
  n.source.begin(
      n.id, "one", 2, "two", [&](result<move_report> r) { second = std::move(r); }, n.now);
  BOOST_REQUIRE(second.has_value());
  BOOST_TEST(!second->has_value());
}

BOOST_AUTO_TEST_SUITE_END()
