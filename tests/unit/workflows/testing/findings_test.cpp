// What is wrong with a file of tests, before anything runs.
#include "tests/unit/workflows/testing/suite_rig.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;
using namespace troupe::workflow;

namespace {

const std::string flow = "workflow: w\ninput: { properties: { n: { type: integer } } }\nsteps:\n"
                         "  - { id: send, agent: mail, action: send, with: { to: a@b.c } }\n"
                         "  - { id: ok, approval: { title: Go? } }\n"
                         "  - { id: paid, receive: { signal: payment } }\n";

std::string found(const std::string& body) { return suite_rig({flow, test_of(body)}, false).findings; }

void expect_told(const std::string& body, const std::string& part) {
  const auto all = found(body);
  BOOST_TEST(all.find(part) != all.npos, all);
}

} // namespace

BOOST_AUTO_TEST_SUITE(findings_about_tests)

BOOST_AUTO_TEST_CASE(unknown_fields_are_refused_where_they_stand) {
  expect_told("    expects: { state: completed }\n",
              "f1.yaml:4:5: error: there is no \"expects\" here [TW1001]");
  expect_told("    expect: { stat: completed }\n", "f1.yaml:4:15: error: there is no \"stat\" here [TW1001]");
  expect_told("    expect: { stat: completed }\n", "did you mean state?");
  expect_told("    expect: { state: complete }\n", "did you mean completed?");
  expect_told("    expect: { virtual_time: { at_least: 5 } }\n", "[TW1009]");
}

BOOST_AUTO_TEST_CASE(names_are_those_of_the_workflow) {
  expect_told("    mocks: { sned: { returns: 1 } }\n    expect: { state: completed }\n",
              "f1.yaml:4:14: error: nothing in w has a step or asks for \"sned\" [TW5001]");
  expect_told("    mocks: { sned: { returns: 1 } }\n    expect: { state: completed }\n",
              "did you mean send?");
  expect_told("    mocks: { ok: { returns: 1 } }\n    expect: { state: completed }\n",
              "\"ok\" asks nobody: it is `approval`");
  expect_told("    approvals: { okay: { decision: approved } }\n    expect: { state: completed }\n",
              "nothing in w has an approval \"okay\" [TW5001]");
  expect_told("    signals: { payed: { body: 1 } }\n    expect: { state: completed }\n",
              "nothing in w waits for a signal \"payed\" [TW5001]");
  expect_told("    expect: { effects: { mail.sent: 1 } }\n", "nothing in w asks for \"mail.sent\" [TW5001]");
  expect_told("    expect: { path: [ 'x[1]/snd' ] }\n", "nothing in w has a step \"snd\" [TW5001]");
}

BOOST_AUTO_TEST_CASE(a_test_computes_nothing) {
  expect_told("    mocks: { send: { returns: { id: \"${{ 1 }}\" } } }\n    expect: { state: completed }\n",
              "[TW1016]");
}

BOOST_AUTO_TEST_CASE(an_input_that_does_not_fit_is_for_tests_of_refusals) {
  expect_told("    input: { n: two }\n    expect: { state: completed }\n",
              "f1.yaml:4:12: error: the input does not fit");
  suite_rig rig({flow, test_of("    input: { n: two }\n    expect: { state: rejected, error: invalid }\n")});
  BOOST_TEST(rig.wrong() == "");
}

BOOST_AUTO_TEST_CASE(a_workflow_that_is_not_there_is_told) {
  suite_rig rig({flow, "test: v\ntests:\n  - { name: a, expect: { state: completed } }\n"}, false);
  BOOST_TEST(rig.findings.find("there is no workflow \"v\" here") != std::string::npos, rig.findings);
}

BOOST_AUTO_TEST_CASE(begins_is_an_instant) {
  expect_told("    begins: tomorrow\n    expect: { state: completed }\n", "expected an instant");
}

BOOST_AUTO_TEST_SUITE_END()
