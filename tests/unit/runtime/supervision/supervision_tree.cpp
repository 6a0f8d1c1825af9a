#include "runtime/supervision/supervision_tree.hpp"

#include "tests/unit/runtime/supervision/staging.hpp"

#include <boost/test/unit_test.hpp>

namespace troupe::supervision {

using namespace staging;

namespace {

constexpr auto crashed = end_kind::crashed;

/// top (one_for_all, no restart): a, then the supervisor below with x and y.
struct two_levels {
  fixed_random random{0};
  supervision_tree tree{supervision_policy{}, random};

  explicit two_levels(std::uint32_t restarts_above, strategy above = strategy::one_for_all) {
    group_spec top{"top", policy(above, restarts_above), children({"a"})};
    top.children.push_back({child_id::nested("below"), {}});
    BOOST_REQUIRE(tree.declare(top).has_value());
    BOOST_REQUIRE(
        tree.declare({"below", policy(strategy::one_for_one, 0), children({"x", "y"})}).has_value());
    BOOST_REQUIRE(tree.complete().has_value());
    for (const char* key : {"a", "x", "y"})
      tree.started(agent(key));
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(supervision_trees)

BOOST_AUTO_TEST_CASE(an_undeclared_agent_is_restarted_by_the_usual_policy) {
  fixed_random random(0);
  supervision_tree tree(supervision_policy{}, random);
  BOOST_TEST(line(tree.ended(agent("a"), crashed, "boom", at(0))) == "plan a@0, start a");
}

BOOST_AUTO_TEST_CASE(a_kind_has_its_own_policy) {
  fixed_random random(0);
  supervision_tree tree(supervision_policy{}, random);
  BOOST_REQUIRE(tree.set_kind_policy("stage", policy(strategy::one_for_one, 0)).has_value());
  BOOST_TEST(line(tree.ended(agent("a"), crashed, "boom", at(0))) == "fail a");
}

BOOST_AUTO_TEST_CASE(undeclared_agents_do_not_pay_for_one_another) {
  fixed_random random(0);
  supervision_tree tree(policy(strategy::one_for_one, 1), random);
  tree.ended(agent("a"), crashed, "boom", at(0));
  BOOST_TEST(line(tree.ended(agent("b"), crashed, "boom", at(0))) == "plan b@0, start b");
  BOOST_TEST(line(tree.ended(agent("a"), crashed, "boom", at(1))) == "fail a");
}

BOOST_AUTO_TEST_CASE(an_agent_that_kept_quiet_is_forgotten) {
  fixed_random random(0);
  supervision_tree tree(supervision_policy{}, random);
  tree.ended(agent("a"), crashed, "boom", at(0));
  BOOST_TEST(tree.size() == 1u);
  BOOST_CHECK(tree.next_due() == at(10'000));
  BOOST_TEST(line(tree.due(at(10'000))) == "");
  BOOST_TEST(tree.size() == 0u);
  BOOST_CHECK(tree.next_due() == never);
}

BOOST_AUTO_TEST_CASE(an_undeclared_agent_that_failed_is_left_to_its_stored_status) {
  fixed_random random(0);
  supervision_tree tree(policy(strategy::one_for_one, 0), random);
  tree.ended(agent("a"), crashed, "boom", at(0));
  BOOST_TEST(tree.size() == 0u);
  BOOST_CHECK(tree.next_due() == never);
}

BOOST_AUTO_TEST_CASE(a_healthy_undeclared_agent_costs_nothing) {
  fixed_random random(0);
  supervision_tree tree(supervision_policy{}, random);
  tree.started(agent("a"));
  tree.withdrawn(agent("a"), at(1));
  BOOST_TEST(tree.size() == 0u);
}

BOOST_AUTO_TEST_CASE(an_operator_starts_an_agent_nobody_remembers) {
  fixed_random random(0);
  supervision_tree tree(supervision_policy{}, random);
  BOOST_TEST(line(tree.revive(agent("a"), at(0))) == "start a");
}

BOOST_AUTO_TEST_CASE(a_pause_ends_when_it_is_due) {
  fixed_random random(50);
  supervision_tree tree(supervision_policy{}, random);
  BOOST_TEST(line(tree.ended(agent("a"), crashed, "boom", at(0))) == "plan a@50");
  BOOST_TEST(tree.holds(agent("a")));
  BOOST_CHECK(tree.next_due() == at(50));
  BOOST_TEST(line(tree.due(at(50))) == "start a");
  BOOST_TEST(!tree.holds(agent("a")));
}

BOOST_AUTO_TEST_CASE(an_undeclared_agent_that_will_not_stop_does_not_keep_the_tree_busy) {
  fixed_random random(0);
  supervision_tree tree(supervision_policy{}, random);
  tree.ended(agent("a"), crashed, "boom", at(0));
  BOOST_TEST(line(tree.revive(agent("a"), at(1))) == "stop a");
  BOOST_TEST(line(tree.due(at(60'000))) == "");
  BOOST_TEST(line(tree.withdrawn(agent("a"), at(60'001))) == "start a");
}

BOOST_AUTO_TEST_CASE(a_group_restarts_together) {
  fixed_random random(0);
  supervision_tree tree(supervision_policy{}, random);
  BOOST_REQUIRE(tree.declare({"floor", policy(strategy::one_for_all), children({"a", "b"})}).has_value());
  tree.started(agent("a"));
  tree.started(agent("b"));
  BOOST_TEST(line(tree.ended(agent("a"), crashed, "boom", at(0))) == "stop b, plan a@0, plan b@0");
  BOOST_TEST(line(tree.withdrawn(agent("b"), at(1))) == "start a, start b");
  BOOST_TEST(tree.supervisor_of(agent("b")) == "floor");
}

BOOST_AUTO_TEST_CASE(the_supervisor_above_restarts_a_supervisor_that_gave_up_with_its_siblings) {
  two_levels levels(3);
  BOOST_TEST(line(levels.tree.ended(agent("x"), crashed, "boom", at(0))) ==
             "stop y, escalate below, stop a, plan a@0");
  BOOST_TEST(line(levels.tree.withdrawn(agent("y"), at(1))) == "");
  BOOST_TEST(line(levels.tree.withdrawn(agent("a"), at(2))) == "start a, start x, start y");
}

BOOST_AUTO_TEST_CASE(a_supervisor_stopped_by_the_one_above_is_down_when_its_children_are) {
  two_levels levels(3);
  BOOST_TEST(line(levels.tree.ended(agent("a"), crashed, "boom", at(0))) == "stop y, stop x, plan a@0");
  BOOST_TEST(line(levels.tree.withdrawn(agent("y"), at(1))) == "");
  BOOST_TEST(line(levels.tree.withdrawn(agent("x"), at(2))) == "start a, start x, start y");
}

BOOST_AUTO_TEST_CASE(a_supervisor_without_running_children_stops_at_once) {
  two_levels levels(3);
  levels.tree.withdrawn(agent("x"), at(0));
  levels.tree.withdrawn(agent("y"), at(0));
  BOOST_TEST(line(levels.tree.ended(agent("a"), crashed, "boom", at(1))) == "plan a@1, start a");
}

BOOST_AUTO_TEST_CASE(when_the_top_gives_up_everything_below_fails) {
  two_levels levels(0);
  BOOST_TEST(line(levels.tree.ended(agent("x"), crashed, "boom", at(0))) ==
             "stop y, escalate below, fail y, fail x, fail a");
  BOOST_TEST(levels.tree.holds(agent("y")));
  BOOST_TEST(levels.tree.holds(agent("a")));
}

BOOST_AUTO_TEST_CASE(an_operator_revives_what_failed_with_the_top) {
  two_levels levels(0);
  levels.tree.ended(agent("x"), crashed, "boom", at(0));
  BOOST_TEST(line(levels.tree.revive(agent("x"), at(1))) == "start a, start x, start y");
  BOOST_TEST(!levels.tree.holds(agent("y")));
}

BOOST_AUTO_TEST_CASE(a_tree_boots_in_order_down_to_its_leaves) {
  fixed_random random(0);
  supervision_tree tree(supervision_policy{}, random);
  group_spec top{"top", policy(strategy::one_for_one), {{child_id::nested("below"), {}}}};
  top.children.push_back({child("a"), {}});
  BOOST_REQUIRE(tree.declare(top).has_value());
  BOOST_REQUIRE(tree.declare({"below", policy(strategy::one_for_one), children({"x", "y"})}).has_value());
  BOOST_TEST(line(tree.boot(at(0))) == "start x, start y, start a");
}

BOOST_AUTO_TEST_CASE(a_supervisor_declared_twice_is_refused) {
  fixed_random random(0);
  supervision_tree tree(supervision_policy{}, random);
  BOOST_REQUIRE(tree.declare({"floor", {}, children({"a"})}).has_value());
  BOOST_CHECK(tree.declare({"floor", {}, children({"b"})}).error().what == fault::conflict);
}

BOOST_AUTO_TEST_CASE(an_agent_under_two_supervisors_is_refused) {
  fixed_random random(0);
  supervision_tree tree(supervision_policy{}, random);
  BOOST_REQUIRE(tree.declare({"floor", {}, children({"a"})}).has_value());
  BOOST_TEST(tree.declare({"desk", {}, children({"a"})}).error().message ==
             "stage/a cannot be a child of desk too");
}

BOOST_AUTO_TEST_CASE(a_supervisor_below_itself_is_refused) {
  fixed_random random(0);
  supervision_tree tree(supervision_policy{}, random);
  BOOST_TEST(!tree.declare({"floor", {}, {{child_id::nested("floor"), {}}}}).has_value());
}

BOOST_AUTO_TEST_CASE(a_name_like_an_agents_is_refused) {
  fixed_random random(0);
  supervision_tree tree(supervision_policy{}, random);
  BOOST_CHECK(tree.declare({"stage/a", {}, {}}).error().what == fault::invalid);
}

BOOST_AUTO_TEST_CASE(a_policy_that_cannot_work_is_refused) {
  fixed_random random(0);
  supervision_tree tree(supervision_policy{}, random);
  supervision_policy broken;
  broken.within = milliseconds(0);
  BOOST_TEST(!tree.declare({"floor", broken, {}}).has_value());
  BOOST_TEST(!tree.set_kind_policy("stage", broken).has_value());
}

BOOST_AUTO_TEST_CASE(a_supervisor_named_but_not_declared_is_found) {
  fixed_random random(0);
  supervision_tree tree(supervision_policy{}, random);
  BOOST_REQUIRE(tree.declare({"top", {}, {{child_id::nested("below"), {}}}}).has_value());
  BOOST_TEST(tree.complete().error().hint == "declare it after top");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace troupe::supervision
