#include "runtime/supervision/supervisor.hpp"

#include "tests/unit/runtime/supervision/staging.hpp"

#include "config/invariant.hpp"

#include <boost/test/unit_test.hpp>

namespace troupe::supervision {

using namespace staging;

namespace {

constexpr auto crashed = end_kind::crashed;
constexpr auto normal = end_kind::normal;
constexpr auto failed = end_kind::failed;

/// Four running agents under one supervisor; every pause is `pause` milliseconds.
struct troupe_of_four {
  fixed_random random;
  supervisor self;

  explicit troupe_of_four(strategy how, std::uint64_t pause = 0,
                          supervisor::place where = supervisor::place::top)
      : random(pause)
      , self("four", policy(how), children({"a", "b", "c", "d"}), where, random) {
    for (const char* key : {"a", "b", "c", "d"})
      self.started(child(key));
  }
};

supervisor alone(restart_type restart, random_source& random) {
  return {"alone", policy(strategy::one_for_one), {{child("a"), restart}}, supervisor::place::top, random};
}

} // namespace

BOOST_AUTO_TEST_SUITE(supervisors)

BOOST_AUTO_TEST_CASE(one_for_one_restarts_only_the_child_that_crashed) {
  troupe_of_four four(strategy::one_for_one);
  BOOST_TEST(line(four.self.ended(child("b"), crashed, "boom", at(0))) == "plan b@0, start b");
}

BOOST_AUTO_TEST_CASE(a_restart_waits_for_its_pause) {
  troupe_of_four four(strategy::one_for_one, 50);
  BOOST_TEST(line(four.self.ended(child("b"), crashed, "boom", at(0))) == "plan b@50");
  BOOST_CHECK(four.self.next_due() == at(50));
  BOOST_TEST(line(four.self.due(at(49))) == "");
  BOOST_TEST(line(four.self.due(at(50))) == "start b");
  BOOST_CHECK(four.self.next_due() == never);
}

BOOST_AUTO_TEST_CASE(mail_may_not_activate_a_child_that_waits_for_its_restart) {
  troupe_of_four four(strategy::one_for_one, 50);
  four.self.ended(child("b"), crashed, "boom", at(0));
  BOOST_TEST(four.self.holds(child("b")));
  BOOST_TEST(!four.self.holds(child("a")));
}

BOOST_AUTO_TEST_CASE(one_for_all_stops_the_siblings_in_reverse_and_restarts_all_in_order) {
  troupe_of_four four(strategy::one_for_all);
  BOOST_TEST(line(four.self.ended(child("b"), crashed, "boom", at(0))) ==
             "stop d, stop c, stop a, plan a@0, plan b@0, plan c@0, plan d@0");
  four.self.ended(child("d"), normal, "", at(1));
  four.self.ended(child("a"), normal, "", at(2));
  BOOST_TEST(line(four.self.ended(child("c"), normal, "", at(3))) == "start a, start b, start c, start d");
}

BOOST_AUTO_TEST_CASE(rest_for_one_restarts_the_child_and_those_after_it) {
  troupe_of_four four(strategy::rest_for_one);
  BOOST_TEST(line(four.self.ended(child("b"), crashed, "boom", at(0))) ==
             "stop d, stop c, plan b@0, plan c@0, plan d@0");
  four.self.ended(child("d"), normal, "", at(1));
  BOOST_TEST(line(four.self.withdrawn(child("c"), at(3))) == "start b, start c, start d");
}

BOOST_AUTO_TEST_CASE(an_earlier_sibling_that_crashes_meanwhile_takes_the_waiting_ones_along) {
  troupe_of_four four(strategy::rest_for_one, 50);
  four.self.ended(child("d"), crashed, "boom", at(0));
  BOOST_TEST(line(four.self.ended(child("c"), crashed, "boom", at(20))) == "plan c@70, plan d@70");
  BOOST_TEST(line(four.self.due(at(50))) == "");
  BOOST_TEST(line(four.self.due(at(70))) == "start c, start d");
}

BOOST_AUTO_TEST_CASE(a_passive_sibling_stays_passive) {
  troupe_of_four four(strategy::one_for_all);
  four.self.withdrawn(child("a"), at(0));
  four.self.withdrawn(child("c"), at(0));
  four.self.withdrawn(child("d"), at(0));
  BOOST_TEST(line(four.self.ended(child("b"), crashed, "boom", at(1))) == "plan b@1, start b");
}

BOOST_AUTO_TEST_CASE(a_crash_while_stopping_is_only_a_stop) {
  troupe_of_four four(strategy::rest_for_one);
  four.self.ended(child("c"), crashed, "boom", at(0));
  BOOST_TEST(line(four.self.ended(child("d"), crashed, "on the way out", at(1))) == "start c, start d");
  BOOST_TEST(four.self.recent_restarts(at(1)) == 1u);
}

BOOST_AUTO_TEST_CASE(an_end_that_is_told_twice_counts_once) {
  troupe_of_four four(strategy::one_for_one, 50);
  four.self.ended(child("b"), crashed, "boom", at(0));
  BOOST_TEST(line(four.self.ended(child("b"), crashed, "boom", at(1))) == "");
  BOOST_TEST(four.self.recent_restarts(at(1)) == 1u);
}

BOOST_AUTO_TEST_CASE(a_permanent_child_comes_back_after_a_normal_end) {
  fixed_random random(0);
  supervisor self = alone(restart_type::permanent, random);
  self.started(child("a"));
  BOOST_TEST(line(self.ended(child("a"), normal, "done", at(0))) == "plan a@0, start a");
}

BOOST_AUTO_TEST_CASE(a_transient_child_does_not_come_back_after_a_normal_end) {
  fixed_random random(0);
  supervisor self = alone(restart_type::transient, random);
  self.started(child("a"));
  BOOST_TEST(line(self.ended(child("a"), normal, "done", at(0))) == "");
  BOOST_CHECK(self.state_of(child("a")) == child_state::down);
}

BOOST_AUTO_TEST_CASE(a_transient_child_comes_back_after_a_crash) {
  fixed_random random(0);
  supervisor self = alone(restart_type::transient, random);
  self.started(child("a"));
  BOOST_TEST(line(self.ended(child("a"), crashed, "boom", at(0))) == "plan a@0, start a");
}

BOOST_AUTO_TEST_CASE(a_temporary_child_fails_at_its_first_crash) {
  fixed_random random(0);
  supervisor self = alone(restart_type::temporary, random);
  self.started(child("a"));
  const decisions made = self.ended(child("a"), crashed, "boom", at(0));
  BOOST_TEST(line(made) == "fail a");
  BOOST_TEST(made.front().reason == "temporary, so not restarted after: boom");
}

BOOST_AUTO_TEST_CASE(a_temporary_sibling_is_stopped_and_not_started_again) {
  fixed_random random(0);
  const std::vector<child_spec> specs{{child("a"), {}}, {child("b"), restart_type::temporary}};
  supervisor self("two", policy(strategy::one_for_all), specs, supervisor::place::top, random);
  self.started(child("a"));
  self.started(child("b"));
  BOOST_TEST(line(self.ended(child("a"), crashed, "boom", at(0))) == "stop b, plan a@0");
  BOOST_TEST(line(self.withdrawn(child("b"), at(1))) == "start a");
}

BOOST_AUTO_TEST_CASE(a_child_that_crashes_too_often_fails_with_the_reason) {
  troupe_of_four four(strategy::one_for_one);
  four.self.ended(child("b"), crashed, "boom", at(0));
  four.self.ended(child("b"), crashed, "boom", at(1));
  four.self.ended(child("b"), crashed, "boom", at(2));
  const decisions made = four.self.ended(child("b"), crashed, "boom", at(3));
  BOOST_TEST(line(made) == "fail b");
  BOOST_TEST(made.front().reason == "restarted 3 times within 10000 ms, then: boom");
  BOOST_TEST(four.self.holds(child("b")));
}

BOOST_AUTO_TEST_CASE(crashes_further_apart_than_the_window_are_restarted_for_ever) {
  troupe_of_four four(strategy::one_for_one);
  for (int i = 0; i < 100; ++i)
    BOOST_REQUIRE(line(four.self.ended(child("b"), crashed, "boom", at(i * 4'000))).ends_with("start b"));
}

BOOST_AUTO_TEST_CASE(a_poison_message_that_was_ended_resets_the_window) {
  troupe_of_four four(strategy::one_for_one);
  four.self.ended(child("b"), crashed, "boom", at(0));
  four.self.ended(child("b"), crashed, "boom", at(1));
  four.self.ended(child("b"), crashed, "boom", at(2));
  four.self.poisoned(child("b"));
  BOOST_TEST(line(four.self.ended(child("b"), crashed, "boom", at(3))) == "plan b@3, start b");
  BOOST_TEST(four.self.recent_restarts(at(3)) == 1u);
}

BOOST_AUTO_TEST_CASE(one_for_all_at_the_top_gives_all_of_them_up_in_reverse) {
  fixed_random random(0);
  supervisor self("two", policy(strategy::one_for_all, 0), children({"a", "b"}), supervisor::place::top,
                  random);
  self.started(child("a"));
  self.started(child("b"));
  const decisions made = self.ended(child("a"), crashed, "boom", at(0));
  BOOST_TEST(line(made) == "fail b, fail a");
  BOOST_TEST(made.front().reason.starts_with("cannot run without stage/a, which failed: restarted 0 times"));
}

BOOST_AUTO_TEST_CASE(a_nested_supervisor_stops_its_children_in_reverse_and_escalates) {
  fixed_random random(0);
  supervisor self("two", policy(strategy::one_for_one, 0), children({"a", "b", "c"}),
                  supervisor::place::nested, random);
  for (const char* key : {"a", "b", "c"})
    self.started(child(key));
  const decisions made = self.ended(child("a"), crashed, "boom", at(0));
  BOOST_TEST(line(made) == "stop c, stop b, escalate two");
  BOOST_TEST(made.back().reason == "stage/a restarted 0 times within 10000 ms, then: boom");
}

BOOST_AUTO_TEST_CASE(what_was_held_since_an_escalation_starts_when_the_supervisor_above_says_so) {
  fixed_random random(0);
  supervisor self("two", policy(strategy::one_for_all, 0), children({"a", "b"}), supervisor::place::nested,
                  random);
  self.started(child("a"));
  self.started(child("b"));
  self.ended(child("a"), crashed, "boom", at(0));
  BOOST_TEST(line(self.withdrawn(child("b"), at(1))) == "");
  BOOST_CHECK(self.next_due() == never);
  BOOST_TEST(line(self.resume(at(2))) == "start a, start b");
}

BOOST_AUTO_TEST_CASE(a_resume_before_everything_has_stopped_waits_for_it) {
  fixed_random random(0);
  supervisor self("two", policy(strategy::one_for_all, 0), children({"a", "b"}), supervisor::place::nested,
                  random);
  self.started(child("a"));
  self.started(child("b"));
  self.ended(child("a"), crashed, "boom", at(0));
  BOOST_TEST(line(self.resume(at(1))) == "");
  BOOST_TEST(line(self.withdrawn(child("b"), at(2))) == "start a, start b");
}

BOOST_AUTO_TEST_CASE(a_child_that_cannot_run_fails_without_a_restart) {
  troupe_of_four four(strategy::one_for_one);
  const decisions made = four.self.ended(child("b"), failed, "nondeterministic_task", at(0));
  BOOST_TEST(line(made) == "fail b");
  BOOST_TEST(four.self.recent_restarts(at(0)) == 0u);
}

BOOST_AUTO_TEST_CASE(siblings_that_depend_on_a_failed_child_fail_with_it) {
  troupe_of_four four(strategy::rest_for_one);
  BOOST_TEST(line(four.self.ended(child("c"), failed, "nondeterministic_task", at(0))) == "fail d, fail c");
  BOOST_TEST(!four.self.holds(child("b")));
}

BOOST_AUTO_TEST_CASE(an_operator_revives_a_child_with_those_that_failed_because_of_it) {
  troupe_of_four four(strategy::rest_for_one);
  four.self.ended(child("d"), failed, "its own reason", at(0));
  four.self.ended(child("b"), failed, "nondeterministic_task", at(1));
  BOOST_TEST(line(four.self.revive(child("b"), at(2))) == "start b, start c");
  BOOST_TEST(four.self.holds(child("d")));
}

BOOST_AUTO_TEST_CASE(an_operator_restarts_a_running_child_once_it_has_stopped) {
  troupe_of_four four(strategy::one_for_one);
  BOOST_TEST(line(four.self.revive(child("b"), at(0))) == "stop b");
  BOOST_TEST(line(four.self.withdrawn(child("b"), at(5))) == "start b");
}

BOOST_AUTO_TEST_CASE(an_operator_need_not_wait_for_the_pause) {
  troupe_of_four four(strategy::one_for_one, 50);
  four.self.ended(child("b"), crashed, "boom", at(0));
  BOOST_TEST(line(four.self.revive(child("b"), at(1))) == "start b");
}

BOOST_AUTO_TEST_CASE(a_sibling_that_does_not_stop_holds_nobody_up_under_one_for_one) {
  troupe_of_four four(strategy::one_for_one);
  four.self.revive(child("a"), at(0));
  BOOST_TEST(line(four.self.ended(child("b"), crashed, "boom", at(1))) == "plan b@1, start b");
}

BOOST_AUTO_TEST_CASE(children_boot_in_order_without_the_temporary_ones) {
  fixed_random random(0);
  const std::vector<child_spec> specs{
      {child("a"), {}}, {child("b"), restart_type::temporary}, {child("c"), {}}};
  supervisor self("three", policy(strategy::one_for_one), specs, supervisor::place::top, random);
  BOOST_TEST(line(self.boot(at(0))) == "start a, start c");
}

BOOST_AUTO_TEST_CASE(a_child_declared_twice_breaks_an_invariant) {
  fixed_random random(0);
  BOOST_CHECK_THROW(
      supervisor("two", policy(strategy::one_for_one), children({"a", "a"}), supervisor::place::top, random),
      broken_invariant);
}

BOOST_AUTO_TEST_CASE(the_view_names_state_and_reason_of_each_child) {
  troupe_of_four four(strategy::one_for_one, 50);
  four.self.ended(child("b"), crashed, "boom", at(0));
  const std::vector<child_view> seen = four.self.view();
  BOOST_TEST(to_string(seen[1].state) == "waiting");
  BOOST_TEST(seen[1].reason == "boom");
  BOOST_CHECK(seen[1].due == at(50));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace troupe::supervision
