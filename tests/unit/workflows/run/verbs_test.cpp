// Each verb, run in virtual time.
#include "tests/unit/workflows/run/run_rig.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;
using namespace troupe::workflow;

namespace {

std::string flow(const std::string& steps) { return "workflow: w\nsteps:\n" + steps; }

std::string output(const std::string& steps, const std::string& input = "{}") {
  return run_rig(flow(steps)).output(input);
}

std::string crashing_output(const std::string& steps, const std::string& input = "{}") {
  world::options how;
  how.crash_after_every_record = true;
  return run_rig(flow(steps), how).output(input);
}

} // namespace

BOOST_AUTO_TEST_SUITE(verbs)

BOOST_AUTO_TEST_CASE(a_sequence_answers_what_its_last_step_did) {
  BOOST_TEST(output("  - {id: a, agent: x, action: do, with: {n: 1}}\n"
                    "  - {id: b, agent: x, action: do, with: {m: \"${{ steps.a.n + 1 }}\"}}\n") ==
             "{\"m\":2}");
}

BOOST_AUTO_TEST_CASE(a_step_whose_condition_fails_is_skipped) {
  BOOST_TEST(output("  - {id: a, if: \"${{ false }}\", agent: x, action: do}\n"
                    "  - {id: b, agent: x, action: do, with: {seen: \"${{ steps.a ?? 'none' }}\"}}\n") ==
             "{\"seen\":\"none\"}");
}

BOOST_AUTO_TEST_CASE(branches_run_at_once_and_join) {
  run_rig rig(flow("  - id: p\n    parallel:\n      branches:\n"
                   "        one: [{id: a, agent: x, action: do, with: {n: 1}}]\n"
                   "        two: [{id: b, agent: x, action: do, with: {n: 2}}]\n"));
  BOOST_TEST(rig.output() == "{\"one\":{\"n\":1},\"two\":{\"n\":2}}");
  BOOST_TEST(rig.path() == "p/one/a p/two/b");
}

BOOST_AUTO_TEST_CASE(the_first_arm_that_holds_is_taken) {
  const std::string steps = "  - id: c\n    choice:\n"
                            "      - when: ${{ input.n > 10 }}\n        steps: [{return: big}]\n"
                            "      - when: ${{ input.n > 5 }}\n        steps: [{return: middle}]\n"
                            "      - else: [{return: small}]\n";
  BOOST_TEST(output(steps, "{\"n\": 20}") == "\"big\"");
  BOOST_TEST(output(steps, "{\"n\": 7}") == "\"middle\"");
  BOOST_TEST(output(steps, "{\"n\": 1}") == "\"small\"");
}

BOOST_AUTO_TEST_CASE(a_choice_without_an_arm_waits_for_a_person) {
  BOOST_TEST(output("  - id: c\n    choice: [{when: \"${{ false }}\", steps: [{return: 1}]}]\n")
                 .starts_with("working stuck at c: no_match"));
}

BOOST_AUTO_TEST_CASE(a_map_keeps_the_order_of_its_items) {
  BOOST_TEST(output("  - id: m\n    map: {over: [3, 1, 2], as: n, max_parallel: 2, steps: "
                    "[{agent: x, action: do, with: {n: \"${{ n * 10 + index }}\"}}]}\n") ==
             "[{\"n\":30},{\"n\":11},{\"n\":22}]");
}

BOOST_AUTO_TEST_CASE(an_item_is_known_by_its_key) {
  run_rig rig(flow("  - id: m\n    map: {over: \"${{ input.all }}\", key: \"${{ item.id }}\", steps: "
                   "[{id: s, agent: x, action: do, with: {v: \"${{ item.id }}\"}}]}\n"));
  rig.output("{\"all\": [{\"id\": \"b\"}, {\"id\": \"a\"}]}");
  BOOST_TEST(rig.path() == "m[b]/s m[a]/s");
}

BOOST_AUTO_TEST_CASE(a_loop_ends_by_its_condition) {
  BOOST_TEST(output("  - set: {n: 0}\n"
                    "  - id: l\n    loop: {until: \"${{ vars.n >= 3 }}\", max: 10, steps: "
                    "[{set: {n: \"${{ vars.n + 1 }}\"}}, {id: s, agent: x, action: do, with: {n: \"${{ "
                    "vars.n }}\"}}]}\n") == "{\"n\":3}");
}

BOOST_AUTO_TEST_CASE(a_loop_that_never_ends_is_stuck_at_its_bound) {
  BOOST_TEST(output("  - id: l\n    loop: {while: \"${{ true }}\", max: 3, steps: [{set: {n: 1}}]}\n")
                 .starts_with("working stuck at l: exhausted"));
}

BOOST_AUTO_TEST_CASE(break_leaves_the_loop_with_a_value) {
  BOOST_TEST(output("  - id: l\n    loop: {while: \"${{ true }}\", max: 9, steps: "
                    "[{if: \"${{ index == 4 }}\", break: \"${{ index }}\"}, {set: {n: 1}}]}\n") == "4");
}

BOOST_AUTO_TEST_CASE(the_first_to_finish_wins_a_race) {
  BOOST_TEST(output("  - id: r\n    race:\n      branches:\n        slow: [{wait: 2h}]\n"
                    "        fast: [{wait: 1h}, {return: done}]\n") ==
             "{\"result\":\"done\",\"winner\":\"fast\"}");
}

BOOST_AUTO_TEST_CASE(a_failure_is_caught_by_its_kind) {
  BOOST_TEST(output("  - id: t\n    try: [{fail: {kind: odd, message: what}}]\n"
                    "    catch: [{on: [even], steps: [{return: 1}]}, {on: [odd], as: e, steps: "
                    "[{return: \"${{ e.message }}\"}]}]\n") == "\"what\"");
}

BOOST_AUTO_TEST_CASE(finally_runs_when_the_try_is_left) {
  run_rig rig(
      flow("  - id: t\n    try: [{return: early}]\n    finally: [{id: f, agent: x, action: close}]\n"));
  BOOST_TEST(rig.output() == "\"early\"");
  BOOST_TEST(rig.path() == "t/finally/f");
}

BOOST_AUTO_TEST_CASE(a_failure_nobody_handles_fails_the_run) {
  BOOST_TEST(output("  - {fail: {kind: odd, message: what}}\n") == "failed odd: what");
}

BOOST_AUTO_TEST_CASE(waiting_takes_no_more_than_virtual_time) {
  run_rig rig(flow("  - {wait: 2h}\n  - {return: \"${{ run.now - run.started }}\"}\n"));
  BOOST_TEST(rig.output() == "\"7200s\"");
}

BOOST_AUTO_TEST_CASE(a_signal_that_came_early_is_taken_too) {
  run_rig rig(flow(
      "  - {wait: 1h}\n  - {id: got, receive: {signal: paid}}\n  - {return: \"${{ steps.got.sum }}\"}\n"));
  rig.around.at(rig.around.now() + milliseconds(1000),
                [&] { rig.around.signal(rig.id, "paid", "{\"sum\": 7}"); });
  BOOST_TEST(rig.output() == "7");
}

BOOST_AUTO_TEST_CASE(a_signal_that_never_comes_gives_the_default) {
  BOOST_TEST(output("  - {id: got, receive: {signal: paid, timeout: 1h, default: late}}\n") == "\"late\"");
}

BOOST_AUTO_TEST_CASE(undo_compensates_newest_first) {
  run_rig rig(flow("  - id: both\n    steps:\n"
                   "      - {id: a, agent: x, action: do, compensate: [{id: ua, agent: x, action: undo}]}\n"
                   "      - {id: b, agent: x, action: do, compensate: [{id: ub, agent: x, action: undo}]}\n"
                   "  - {undo: both}\n"));
  rig.run();
  BOOST_TEST(rig.path() == "both/a both/b both/b/!undo/ub both/a/!undo/ua");
  BOOST_TEST(rig.state() == "completed");
}

BOOST_AUTO_TEST_CASE(a_run_that_fails_compensates_what_it_did) {
  run_rig rig(flow("  - {id: a, agent: x, action: do, compensate: [{id: ua, agent: x, action: undo}]}\n"
                   "  - {fail: {kind: odd, message: what}}\n"));
  rig.run();
  BOOST_TEST(rig.path() == "a a/!undo/ua");
  BOOST_TEST(rig.state() == "failed");
}

BOOST_AUTO_TEST_CASE(pure_built_ins_are_computed_by_the_run) {
  run_rig rig(flow("  - {id: a, agent: transform, action: apply, with: {value: 7}}\n"));
  BOOST_TEST(rig.output() == "7");
  BOOST_TEST(rig.path() == "");
}

BOOST_AUTO_TEST_CASE(a_crash_after_every_record_changes_nothing) {
  const std::string steps = "  - set: {n: 0}\n"
                            "  - id: p\n    parallel:\n      branches:\n"
                            "        one: [{id: a, agent: x, action: do, with: {n: 1}}, {wait: 1h}]\n"
                            "        two: [{id: m, map: {over: [1, 2, 3], steps: [{agent: x, action: do, "
                            "with: {i: \"${{ item }}\"}}]}}]\n"
                            "  - id: l\n    loop: {until: \"${{ vars.n >= 3 }}\", max: 10, steps: [{set: {n: "
                            "\"${{ vars.n + 1 }}\"}}, "
                            "{wait: 1m}]}\n"
                            "  - {return: {n: \"${{ vars.n }}\", p: \"${{ steps.p }}\"}}\n";
  BOOST_TEST(crashing_output(steps) == output(steps));
}

BOOST_AUTO_TEST_SUITE_END()
