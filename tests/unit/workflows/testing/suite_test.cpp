// Files of tests, run: what they script, what they expect, what they say when it is otherwise.
#include "tests/unit/workflows/language/reading.hpp"
#include "tests/unit/workflows/testing/suite_rig.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace troupe;
using namespace troupe::workflow;

namespace {

const std::string send_step =
    "  - { id: send, agent: mail, action: send, with: { to: a@b.c, body: hello } }\n";
const std::string approval_step =
    "  - id: ok\n    approval: { title: Go?, by: { role: lead, not: \"${{ run.started_by }}\" }, "
    "edit: { value: draft }, deadline: 5d, default: reject }\n";

std::string wrong(const std::string& steps, const std::string& body) {
  return suite_rig({workflow_of(steps), test_of(body)}).wrong();
}

} // namespace

BOOST_AUTO_TEST_SUITE(files_of_tests)

BOOST_AUTO_TEST_CASE(a_mock_answers_by_step) {
  BOOST_TEST(wrong(send_step,
                   "    mocks: { send: { returns: { id: m1 } } }\n"
                   "    expect: { state: completed, output: { id: m1 }, effects: { mail.send: 1 } }\n") ==
             "");
}

BOOST_AUTO_TEST_CASE(a_mock_answers_by_path_before_step_before_action) {
  const std::string loop =
      "  - id: l\n    loop: { while: \"${{ true }}\", max: 3, on_exhausted: continue, steps: [ { id: s, "
      "agent: "
      "mail, action: send, with: { to: a@b.c } }, { set: { all: \"${{ vars.all + steps.s.id }}\" } } ] }\n";
  BOOST_TEST(
      suite_rig(
          {"workflow: w\nvars: { all: '' }\nsteps:\n" + loop,
           test_of("    mocks: { s: { returns: { id: b } }, mail.send: { returns: { id: c } }, 'l[0]/s': { "
                   "returns: { id: a } } }\n    expect: { vars: { all: abb } }\n")})
          .wrong() == "");
}

BOOST_AUTO_TEST_CASE(calls_get_one_answer_after_the_other) {
  const std::string retried =
      "  - { id: send, agent: mail, action: send, with: { to: a@b.c }, retry: { attempts: 3, initial: 1m, "
      "jitter: none } }\n";
  BOOST_TEST(
      wrong(retried,
            "    mocks: { send: [ { fails: unavailable }, { fails: timeout }, { returns: { id: m1 } } ] }\n"
            "    expect: { state: completed, calls: { send: 3 }, effects: { mail.send: 1 }, virtual_time: { "
            "at_least: 2m, at_most: 2m } }\n") == "");
}

BOOST_AUTO_TEST_CASE(what_nobody_answers_is_named) {
  BOOST_TEST(wrong(send_step, "    expect: { state: working }\n") ==
             "step send asks mail.send, and no mock answers");
}

BOOST_AUTO_TEST_CASE(each_expectation_says_what_is_otherwise) {
  const auto all = wrong(
      "  - { id: send, agent: mail, action: send, with: { to: a@b.c } }\n  - { set: { done: true } }\n",
      "    mocks: { send: { returns: { id: m1 } } }\n"
      "    expect: { state: failed, output: { id: m2, size: 3 }, error: timeout, vars: { done: false }, "
      "phase: "
      "late, effects: { mail.send: 2 }, calls: { send: { times: 2, with: { to: x@y.z } } }, never: [send], "
      "stuck: send, virtual_time: { at_least: 1h } }\n");
  for (const auto* part :
       {"state: expected failed, got completed", "error: expected timeout, got nothing",
        "vars.done: expected false, got true", "phase: expected late, got nothing",
        "effects.mail.send: expected 2, got 1", "calls.send.with.to: expected \"x@y.z\", got \"a@b.c\"",
        "calls.send: expected 2, got 1", "never: expected send does not run, got it ran",
        "stuck: expected send, got nothing is stuck", "virtual_time: expected at least 1h, got 0s"})
    BOOST_TEST(all.find(part) != all.npos, part << " in " << all);
}

BOOST_AUTO_TEST_CASE(outputs_are_compared_field_by_field) {
  const std::string steps = "  - return: { a: 1, b: [ 1, { c: 2, d: 3 } ] }\n";
  BOOST_TEST(wrong(steps, "    expect: { output: { b: [ 1, { c: 2 } ] } }\n") == "");
  BOOST_TEST(wrong(steps, "    expect: { output: { b: [ 1, { c: 4, e: 5 } ] } }\n") ==
             "output.b[1].c: expected 4, got 2; output.b[1].e: expected 5, got no such field");
  BOOST_TEST(
      wrong(steps, "    expect: { output: { b: [ 1 ] } }\n").starts_with("output.b: expected 1 items"));
}

BOOST_AUTO_TEST_CASE(the_path_is_an_order_with_gaps) {
  const std::string steps = "  - { id: a, wait: 1s }\n  - { id: b, wait: 1s }\n  - { id: c, wait: 1s }\n";
  BOOST_TEST(wrong(steps, "    expect: { path: [ a, c ] }\n") == "");
  BOOST_TEST(wrong(steps, "    expect: { path: [ c, a ] }\n") ==
             "path: expected a after c, got it ran before");
}

BOOST_AUTO_TEST_CASE(people_decide_some_time_after_they_are_asked) {
  BOOST_TEST(
      wrong("  - wait: 1h\n" + approval_step,
            "    approvals: { ok: { after: 2h, decision: approved, by: ben, roles: [lead], edit: better } }\n"
            "    expect: { output: { decision: approved, by: ben, edited: better }, virtual_time: { "
            "at_least: 3h, "
            "at_most: 3h } }\n") == "");
}

BOOST_AUTO_TEST_CASE(a_decision_that_is_refused_fails_the_test_unless_it_says_so) {
  const std::string votes =
      "    started_by: ann\n    approvals: { ok: { after: 1h, decision: approved, by: ann";
  BOOST_TEST(wrong(approval_step, votes + " } }\n    expect: { output: { decision: rejected } }\n")
                 .starts_with("the decision of ann about ok was refused: "));
  BOOST_TEST(
      wrong(approval_step, votes + ", refused: true } }\n    expect: { output: { by: deadline } }\n") == "");
  BOOST_TEST(wrong(approval_step, "    approvals: { ok: { decision: approved, refused: true } }\n"
                                  "    expect: { output: { decision: approved } }\n") ==
             "the decision of approver about ok was taken, and has to be refused");
}

BOOST_AUTO_TEST_CASE(signals_come_by_the_clock_of_the_run) {
  const std::string steps =
      "  - { id: r, receive: { signal: paid, timeout: 1d } }\n  - { id: s, receive: { signal: paid } }\n";
  BOOST_TEST(
      wrong(steps,
            "    signals: { paid: [ { after: 1h, body: { sum: 7 } }, { after: 2d, body: { sum: 8 } } ] }\n"
            "    expect: { output: { sum: 8 }, virtual_time: { at_least: 2d, at_most: 2d } }\n") == "");
}

BOOST_AUTO_TEST_CASE(a_run_can_be_canceled) {
  BOOST_TEST(wrong("  - wait: 5d\n",
                   "    cancel: { after: 2h }\n    expect: { state: canceled, virtual_time: { at_least: 2h, "
                   "at_most: 2h } }\n") == "");
}

BOOST_AUTO_TEST_CASE(agents_of_files_answer_for_themselves) {
  const std::string agent = "agent: shop.bank\nactions:\n  pay:\n    steps:\n      - { id: t, agent: "
                            "transform, action: apply, with: { "
                            "value: \"${{ input.sum * 2 }}\" } }\n";
  const auto steps = workflow_of("  - { id: p, agent: shop.bank, action: pay, with: { sum: 4 } }\n");
  BOOST_TEST(
      suite_rig({steps, agent, test_of("    expect: { output: 8, calls: { p: 1, shop.bank.pay: 1 } }\n")})
          .wrong() == "");
  BOOST_TEST(
      suite_rig({steps, agent, test_of("    mocks: { p: { returns: 3 } }\n    expect: { output: 3 }\n")})
          .wrong() == "");
}

BOOST_AUTO_TEST_CASE(workflows_that_it_starts_run_too) {
  const std::string inner =
      "workflow: inner\nsteps:\n  - { id: send, agent: mail, action: send, with: { to: a@b.c } }\n";
  BOOST_TEST(
      suite_rig(
          {workflow_of("  - { id: sub, workflow: inner }\n"), inner,
           test_of(
               "    mocks: { send: { returns: { id: m1 } } }\n    expect: { output: { id: m1 }, effects: { "
               "mail.send: 1 } }\n")})
          .wrong() == "");
}

BOOST_AUTO_TEST_CASE(crashes_change_nothing) {
  suite_rig rig(
      {workflow_of("  - { id: t, agent: transform, action: apply, with: { value: 3 } }\n" + send_step),
       test_of("    mocks: { send: { after: 1h, returns: { id: m1 } } }\n    crash: { at: every_record }\n   "
               " expect: { "
               "output: { id: m1 } }\n")});
  BOOST_TEST(rig.wrong() == "");
  BOOST_TEST(rig.only().crashes == rig.only().records);
  BOOST_TEST(rig.only().crashes >= 3u);
}

BOOST_AUTO_TEST_CASE(two_tests_can_be_told_to_end_alike) {
  const auto tests =
      test_of("    mocks: { send: { returns: { id: m1 } } }\n    expect: { state: completed }\n") +
      "  - name: again\n    mocks: { send: { returns: { id: m2 } } }\n    expect: { same_as: it works }\n";
  suite_rig rig({workflow_of(send_step), tests});
  BOOST_REQUIRE(rig.results[0].cases.size() == 2u);
  const auto& again = rig.results[0].cases[1];
  BOOST_REQUIRE(again.mismatches.size() == 1u);
  BOOST_TEST(again.mismatches[0].what == "output (same as it works)");
}

BOOST_AUTO_TEST_CASE(branches_that_no_test_took_are_named) {
  suite_rig rig(
      {"workflow: w\ninput: { properties: { n: { type: integer } }, required: [n] }\nsteps:\n"
       "  - id: c\n    choice:\n      - when: ${{ input.n > 5 }}\n        steps: [ { id: big, wait: 1s } ]\n"
       "      - else: [ { id: small, wait: 1s } ]\n"
       "  - { id: odd, if: \"${{ input.n % 2 == 1 }}\", wait: 1s }\n",
       test_of("    input: { n: 7 }\n    expect: { state: completed }\n")});
  std::string missing;
  for (const auto& b : rig.results[0].branches)
    missing += b.taken ? "" : b.place + ":" + std::to_string(b.line) + " " + b.way + "; ";
  BOOST_TEST(missing == "c:4 else; odd:9 if not input.n % 2 == 1; ");
}

BOOST_AUTO_TEST_CASE(the_tests_of_the_language_s_own_example_pass) {
  suite_rig rig({file_text(data_folder() + "good/lead-to-meeting.yaml"),
                 file_text(data_folder() + "good/lead-to-meeting.test.yaml")});
  BOOST_TEST(rig.results[0].cases.size() == 3u);
  BOOST_TEST(
      rig.results[0].failed() == 0u,
      render_text(rig.results[0], false, [](std::string_view word, bool) { return std::string(word); }));
}

BOOST_AUTO_TEST_CASE(reports_are_for_people_and_for_programs) {
  suite_rig rig({workflow_of("  - return: 1\n"), test_of("    expect: { output: 2 }\n", "a < b")});
  const auto plain = [](std::string_view word, bool) { return std::string(word); };
  const auto text = render_text(rig.results[0], true, plain);
  BOOST_TEST(text.find("✗ a < b") != text.npos);
  BOOST_TEST(text.find("      output\n        expected  2\n        got       1\n") != text.npos);
  const auto json = nlohmann::json::parse(render_json(rig.results));
  BOOST_TEST(json.at("failed") == 1);
  BOOST_TEST(json.at("files")[0].at("tests")[0].at("mismatches")[0].at("what") == "output");
  const auto junit = render_junit(rig.results);
  BOOST_TEST(junit.find("failures=\"1\"") != junit.npos);
  BOOST_TEST(junit.find("name=\"a &lt; b\"") != junit.npos);
}

BOOST_AUTO_TEST_SUITE_END()
