// A test made of a run passes: it says what the run said.
#include "tests/unit/workflows/run/run_rig.hpp"
#include "tests/unit/workflows/testing/suite_rig.hpp"
#include "workflows/run/view.hpp"
#include "workflows/testing/record.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;
using namespace troupe::workflow;

namespace {

const std::string flow =
    "workflow: w\ninput: { properties: { n: { type: integer } } }\nsteps:\n"
    "  - { id: ask, agent: x, action: do, with: { n: \"${{ input.n }}\" } }\n"
    "  - id: l\n    loop: { while: \"${{ true }}\", max: 1, on_exhausted: continue, steps: [ { agent: y, "
    "action: more } ] }\n"
    "  - { id: ok, approval: { title: \"Go?\", edit: { value: draft }, deadline: 5d, default: reject } }\n"
    "  - { id: paid, receive: { signal: payment, timeout: 1d, default: 0 } }\n"
    "  - { id: late, receive: { signal: thanks, timeout: 1d, default: none } }\n"
    "  - return: [ \"${{ steps.ask.v }}\", \"${{ steps.ok.edited }}\", \"${{ steps.paid }}\", \"${{ "
    "steps.late }}\" ]\n";

/// Answered, approved after two hours, paid after five.
void act(run_rig& rig) {
  rig.around.answer = [](const asked& q) { return outcome::success("{\"v\": \"" + q.action + "\"}"); };
  rig.around.at(later(rig.around.now(), milliseconds(7'200'000)), [&rig] {
    for (const auto& line : index_lines(rig.record()))
      if (line.category == "approval")
        rig.around.send(
            rig.id, "approval",
            "{\"approval\": \"" + line.item +
                "\", \"by\": \"ann\", \"roles\": [\"*\"], \"decision\": \"approved\", \"edit\": \"better\"}");
  });
  rig.around.at(later(rig.around.now(), milliseconds(18'000'000)),
                [&rig] { rig.around.signal(rig.id, "payment", "7"); });
}

} // namespace

BOOST_AUTO_TEST_SUITE(tests_made_of_runs)

BOOST_AUTO_TEST_CASE(what_was_recorded_passes) {
  run_rig rig(flow);
  act(rig);
  BOOST_TEST(rig.output("{\"n\": 3}") == "[\"do\",\"better\",7,\"none\"]");
  const auto text = record_test(*rig.record().definition, view_of(rig.record()));
  BOOST_REQUIRE_MESSAGE(text, (text ? "" : text.error().message));
  BOOST_TEST(text->find("after: 2h") != text->npos, *text);
  BOOST_TEST(text->find("l[0]/agent~1") != text->npos, *text);
  BOOST_TEST(text->find("thanks") == text->npos, *text);
  suite_rig again({flow, *text});
  BOOST_TEST(again.wrong() == "", *text);
}

BOOST_AUTO_TEST_CASE(a_run_that_is_open_is_refused) {
  run_rig rig("workflow: w\nsteps: [ { id: r, receive: { signal: x } } ]\n");
  rig.run();
  BOOST_TEST(!record_test(*rig.record().definition, view_of(rig.record())).has_value());
  BOOST_TEST(!record_test(*rig.record().definition, "[]").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
