// Retries, parking, time-outs, cancellation, effects that may happen only once.
#include "tests/unit/workflows/run/run_rig.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;
using namespace troupe::workflow;

namespace {

std::string flow(const std::string& steps) { return "workflow: w\nsteps:\n" + steps; }

/// Fails `times` times with a kind, then answers.
auto failing(int times, std::string kind) {
  return [times, kind](const asked& a) mutable -> std::optional<outcome> {
    return times-- > 0 ? outcome::failure(kind, "not now") : outcome::success(a.body);
  };
}

constexpr const char* three_tries =
    "  - {id: a, agent: x, action: do, retry: {attempts: 3, initial: 1s, jitter: none}}\n";

} // namespace

BOOST_AUTO_TEST_SUITE(run_failures)

BOOST_AUTO_TEST_CASE(a_failure_that_may_get_better_is_tried_again_under_the_same_key) {
  run_rig rig(flow(three_tries));
  rig.around.answer = failing(2, "unavailable");
  BOOST_TEST(rig.output() == "{}");
  const auto& calls = rig.around.calls();
  BOOST_REQUIRE(calls.size() == 3u);
  BOOST_TEST(calls[0].idempotency_key == calls[2].idempotency_key);
  BOOST_TEST((calls[1].at - calls[0].at).count() == 1000);
  BOOST_TEST((calls[2].at - calls[1].at).count() == 2000);
}

BOOST_AUTO_TEST_CASE(what_cannot_get_better_is_not_tried_again) {
  run_rig rig(flow(three_tries));
  rig.around.answer = failing(1, "invalid");
  BOOST_TEST(rig.output().starts_with("working stuck at a: invalid"));
  BOOST_TEST(rig.around.calls().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_step_out_of_retries_waits_for_a_person_and_goes_on_when_told) {
  run_rig rig(flow(three_tries));
  rig.around.answer = failing(3, "http.503");
  rig.run();
  BOOST_TEST(rig.state() == "working");
  rig.around.send(rig.id, "retry", "{}");
  rig.around.run();
  BOOST_TEST(rig.state() == "completed");
  BOOST_TEST(rig.around.calls()[3].idempotency_key == rig.around.calls()[0].idempotency_key);
}

BOOST_AUTO_TEST_CASE(a_person_may_ask_for_a_new_key) {
  run_rig rig(flow(three_tries));
  rig.around.answer = failing(3, "http.503");
  rig.run();
  rig.around.send(rig.id, "retry", "{\"new_key\": true}");
  rig.around.run();
  BOOST_TEST(rig.around.calls()[3].idempotency_key != rig.around.calls()[0].idempotency_key);
}

BOOST_AUTO_TEST_CASE(a_handled_failure_does_not_wait_for_a_person) {
  run_rig rig(flow(
      "  - id: t\n    try: [{id: a, agent: x, action: do}]\n    catch: [{steps: [{return: caught}]}]\n"));
  rig.around.answer = failing(9, "http.503");
  BOOST_TEST(rig.output() == "\"caught\"");
}

BOOST_AUTO_TEST_CASE(no_answer_in_time_is_a_time_out) {
  run_rig rig(flow("  - {id: a, agent: x, action: do, timeout: 5s}\n"));
  rig.around.answer = [](const asked&) { return std::nullopt; };
  BOOST_TEST(rig.output().starts_with("working stuck at a: timeout"));
}

BOOST_AUTO_TEST_CASE(the_deadline_of_the_run_ends_it) {
  run_rig rig("workflow: w\ndeadline: 1h\nsteps:\n  - {wait: 2h}\n");
  BOOST_TEST(rig.output() == "failed timeout: the run's deadline has passed");
}

BOOST_AUTO_TEST_CASE(the_deadline_of_a_step_ends_what_is_inside) {
  run_rig rig(flow("  - id: t\n    try: [{id: s, deadline: 1h, steps: [{wait: 2h}]}]\n"
                   "    catch: [{on: [timeout], steps: [{return: late}]}]\n"));
  BOOST_TEST(rig.output() == "\"late\"");
}

BOOST_AUTO_TEST_CASE(cancel_reaches_what_waits_and_runs_finally_and_compensation) {
  run_rig rig(flow("  - {id: a, agent: x, action: do, compensate: [{id: u, agent: x, action: undo}]}\n"
                   "  - id: t\n    try: [{wait: 9h}]\n    finally: [{id: f, agent: x, action: close}]\n"));
  rig.around.at(rig.around.now() + milliseconds(60'000), [&] { rig.around.send(rig.id, "cancel", "{}"); });
  rig.run();
  BOOST_TEST(rig.state() == "canceled");
  BOOST_TEST(rig.path() == "a t/finally/f a/!undo/u");
}

BOOST_AUTO_TEST_CASE(the_losers_of_a_race_are_compensated) {
  run_rig rig(flow("  - id: r\n    race:\n      branches:\n"
                   "        one: [{id: a, agent: x, action: do, compensate: [{id: u, agent: x, action: "
                   "undo}]}, {wait: 2h}]\n"
                   "        two: [{wait: 1h}]\n"));
  BOOST_TEST(rig.output() == "{\"result\":null,\"winner\":\"two\"}");
  BOOST_TEST(rig.path() == "r/one/a r/one/a/!undo/u");
}

BOOST_AUTO_TEST_CASE(one_failed_branch_cancels_the_others) {
  run_rig rig(flow("  - id: t\n    try:\n      - id: p\n        parallel:\n          branches:\n"
                   "            one: [{fail: {kind: odd, message: what}}]\n            two: [{wait: 9h}, "
                   "{id: b, agent: x, action: do}]\n"
                   "    catch: [{steps: [{return: \"${{ run.now - run.started }}\"}]}]\n"));
  BOOST_TEST(rig.output() == "\"0s\"");
  BOOST_TEST(rig.path() == "");
}

BOOST_AUTO_TEST_CASE(any_branch_is_enough_when_the_join_says_so) {
  run_rig rig(
      flow("  - id: p\n    parallel:\n      join: any\n      branches:\n"
           "        one: [{fail: {kind: odd, message: what}}]\n        two: [{wait: 1h}, {return: 2}]\n"));
  BOOST_TEST(rig.output() == "{\"settled\":{\"one\":{\"kind\":\"odd\",\"message\":\"what\"}},\"two\":2}");
}

BOOST_AUTO_TEST_CASE(pause_stops_what_would_begin_until_resume) {
  run_rig rig(flow("  - {wait: 1h}\n  - {id: a, agent: x, action: do}\n"));
  rig.around.at(rig.around.now() + milliseconds(1000), [&] { rig.around.send(rig.id, "pause", "{}"); });
  rig.run();
  BOOST_TEST(rig.path() == "");
  rig.around.send(rig.id, "resume", "{}");
  rig.around.run();
  BOOST_TEST(rig.state() == "completed");
}

BOOST_AUTO_TEST_CASE(what_may_happen_once_is_not_asked_again_when_in_doubt) {
  run_rig rig(
      flow("  - {id: a, agent: mail, action: send, effect: once, timeout: 5s, "
           "with: {to: a@b.c, subject: s, body: b},"
           " reconcile: {agent: mail, action: lookup, with: {key: \"${{ step.idempotency_key }}\"}}}\n"));
  std::string looked_up;
  rig.around.answer = [&](const asked& a) -> std::optional<outcome> {
    if (a.action == "send")
      return std::nullopt;
    looked_up = a.body;
    return outcome::success("{\"found\": true, \"result\": {\"id\": \"m1\"}}");
  };
  BOOST_TEST(rig.output() == "{\"id\":\"m1\"}");
  BOOST_REQUIRE(rig.around.calls().size() == 2u);
  BOOST_TEST(looked_up == "{\"key\":\"" + rig.around.calls()[0].idempotency_key + "\"}");
}

BOOST_AUTO_TEST_CASE(absent_is_believed_only_after_the_attempt_is_surely_over) {
  run_rig rig(flow(
      "  - {id: a, agent: mail, action: send, effect: once, timeout: 5s, "
      "with: {to: a@b.c, subject: s, body: b}, reconcile: {agent: mail, action: lookup, with: {key: k}}}\n"));
  int sent = 0;
  std::optional<instant> again;
  rig.around.answer = [&](const asked& a) -> std::optional<outcome> {
    if (a.action == "lookup")
      return outcome::success("{\"found\": false}");
    if (++sent == 1)
      return std::nullopt;
    again = a.at;
    return outcome::success("{\"id\": \"m2\"}");
  };
  BOOST_TEST(rig.output() == "{\"id\":\"m2\"}");
  BOOST_TEST(sent == 2);
  BOOST_REQUIRE(again.has_value());
  BOOST_TEST((*again - rig.record().started).count() >= 15'000);
}

BOOST_AUTO_TEST_CASE(an_answer_that_does_not_fit_is_asked_for_again) {
  run_rig rig(flow(
      "  - {id: a, agent: x, action: do, output: {schema: {properties: {n: {type: integer}}, required: [n]}, "
      "on_invalid: {repair: 2}}}\n"));
  int asked_times = 0;
  rig.around.answer = [&](const asked& a) {
    return outcome::success(++asked_times < 3                      ? "{\"n\": \"x\"}"
                            : a.body.find("repair") == a.body.npos ? "{}"
                                                                   : "{\"n\": 3}");
  };
  BOOST_TEST(rig.output() == "{\"n\":3}");
  BOOST_TEST(rig.around.calls()[0].idempotency_key != rig.around.calls()[1].idempotency_key);
}

BOOST_AUTO_TEST_CASE(an_input_that_does_not_fit_is_rejected) {
  run_rig rig(
      "workflow: w\ninput: {properties: {n: {type: integer}}, required: [n]}\nsteps:\n  - {return: 1}\n");
  BOOST_TEST(rig.output("{}").starts_with("rejected invalid: the input does not fit"));
  BOOST_TEST(
      run_rig(
          "workflow: w\ninput: {properties: {n: {type: integer}}, required: [n]}\nsteps:\n  - {return: 1}\n")
          .output("{\"n\": 1}") == "1");
}

BOOST_AUTO_TEST_CASE(a_sub_workflow_answers_with_its_output) {
  run_rig rig(flow("  - {id: s, workflow: child, with: {n: 2}}\n"));
  rig.known.add("workflow: child\nsteps:\n  - {return: \"${{ input.n * 2 }}\"}\n");
  BOOST_TEST(rig.output() == "4");
  BOOST_TEST(rig.around.runs().size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_sub_workflow_that_fails_fails_its_step) {
  run_rig rig(flow("  - {id: s, workflow: child}\n"));
  rig.known.add("workflow: child\nsteps:\n  - {fail: {kind: odd, message: what}}\n");
  BOOST_TEST(rig.output() == "working stuck at s: odd: what");
}

BOOST_AUTO_TEST_SUITE_END()
