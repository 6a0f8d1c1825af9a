// What a run would do: what is known is shown, what is not stands as it is written.
#include "config/expression/value_json.hpp"
#include "tests/unit/workflows/run/run_rig.hpp"
#include "workflows/rehearsal/rehearsal.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace troupe;
using namespace troupe::workflow;

namespace {

std::vector<rehearsed> steps_of(const std::string& steps, const std::string& input = "{}",
                                const std::string& agent = "") {
  parsed p("workflow: w\nvars: { n: 1 }\nsteps:\n" + steps);
  BOOST_REQUIRE_MESSAGE(p.plan, p.findings);
  deployment around;
  config::diagnostics found;
  if (!agent.empty()) {
    const auto made = parse_agent(config::source("agent.yaml", agent), found);
    BOOST_REQUIRE(made);
    around.agents.emplace(made->name, made);
  }
  rehearsal_input given;
  given.input = *expression::from_json(nlohmann::json::parse(input));
  auto all = rehearse(*p.plan, around, given);
  BOOST_REQUIRE_MESSAGE(all, (all ? "" : all.error().message));
  return std::move(*all);
}

std::string shape(const std::vector<rehearsed>& all) {
  std::string text;
  for (const auto& s : all)
    text += std::to_string(s.depth) + " " + (s.title.empty() ? "" : s.title + ": ") + s.does + "\n";
  return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rehearsals)

BOOST_AUTO_TEST_CASE(arguments_are_worked_out_as_far_as_they_are_known) {
  const auto all = steps_of(
      "  - { id: a, agent: x, action: do, with: { to: \"${{ input.to }}\", n: \"${{ vars.n + 1 }}\" } }\n"
      "  - { id: b, agent: x, action: do, with: { v: \"${{ steps.a.v }}\", t: \"for ${{ input.to }}: ${{ "
      "steps.a.v }}\" } }\n",
      R"({"to": "ann"})");
  BOOST_TEST(all[0].does == "ask x.do");
  BOOST_TEST(all[0].with == R"({"n":2,"to":"ann"})");
  BOOST_TEST(all[1].with == R"({"t":"for ann: ‹steps.a.v›","v":"‹steps.a.v›"})");
}

BOOST_AUTO_TEST_CASE(what_only_computes_is_computed) {
  const auto all =
      steps_of("  - { id: a, agent: transform, action: apply, with: { value: \"${{ input.n * 2 }}\" } }\n"
               "  - { id: b, agent: shop.judge, action: weigh, with: { sum: \"${{ steps.a }}\" } }\n"
               "  - { id: c, agent: x, action: do, with: { score: \"${{ steps.b.score }}\" } }\n",
               R"({"n": 4})",
               "agent: shop.judge\nactions:\n  weigh:\n    input: { properties: { sum: { type: integer } } "
               "}\n    decision: { rules: "
               "[ { when: \"${{ input.sum > 5 }}\", add: 40, reason: much } ] }\n");
  BOOST_TEST(all[0].gives == "8");
  BOOST_TEST(all[2].with.find("40") != std::string::npos, all[2].with);
}

BOOST_AUTO_TEST_CASE(a_way_that_is_known_is_the_only_one_shown) {
  const std::string steps =
      "  - id: c\n    choice:\n      - when: ${{ input.n > 5 }}\n        steps: [ { id: big, wait: 1s } ]\n"
      "      - else: [ { id: small, wait: 1s } ]\n";
  BOOST_TEST(shape(steps_of(steps, R"({"n": 7})")) ==
             "0 c: the first that holds\n1 when input.n > 5: yes\n2 big: wait\n");
  BOOST_TEST(shape(steps_of(steps, R"({"n": 2})")) ==
             "0 c: the first that holds\n1 when input.n > 5: no\n1 else: yes\n2 small: wait\n");
}

BOOST_AUTO_TEST_CASE(a_way_that_is_not_known_leaves_what_it_sets_unknown) {
  const auto all =
      steps_of("  - { id: a, agent: x, action: do }\n"
               "  - choice:\n      - when: ${{ steps.a.ok }}\n        steps: [ { set: { n: 5 } } ]\n"
               "      - else: [ { id: other, wait: 1s } ]\n"
               "  - { agent: x, action: do, with: { n: \"${{ vars.n }}\" } }\n");
  BOOST_TEST(shape(all).find("when steps.a.ok: not known yet") != std::string::npos);
  BOOST_TEST(all.back().with == R"({"n":"‹vars.n›"})");
}

BOOST_AUTO_TEST_CASE(a_condition_is_decided_or_told) {
  const auto all =
      steps_of("  - { id: a, if: \"${{ input.n > 5 }}\", agent: x, action: do }\n"
               "  - { id: b, agent: x, action: do }\n  - { id: c, if: \"${{ steps.b.ok }}\", wait: 1s }\n",
               R"({"n": 1})");
  BOOST_TEST(all[0].does == "skipped");
  BOOST_REQUIRE(!all[2].remarks.empty());
  BOOST_TEST(all[2].remarks[0] == "only if steps.b.ok");
}

BOOST_AUTO_TEST_CASE(items_that_are_known_are_walked_one_by_one) {
  const auto all = steps_of("  - map: { over: [ 5, 6, 7, 8, 9 ], as: n, steps: [ { agent: x, action: do, "
                            "with: { n: \"${{ n }}\" } } ] }\n");
  BOOST_TEST(shape(all) == "0 map: for each n of 5 items\n1 n 5:\n2 do: ask x.do\n1 n 6:\n2 do: ask x.do\n1 "
                           "n 7:\n2 do: ask x.do\n1 and 2 more\n");
}

BOOST_AUTO_TEST_CASE(what_ends_early_ends_the_walk) {
  BOOST_TEST(shape(steps_of("  - if: \"${{ true }}\"\n    return: 5\n  - { id: b, wait: 1s }\n")) ==
             "0 return: end here with\n");
}

BOOST_AUTO_TEST_CASE(an_input_that_does_not_fit_is_refused) {
  parsed p("workflow: w\ninput: { required: [n] }\nsteps: [ { wait: 1s } ]\n");
  BOOST_REQUIRE(p.plan);
  BOOST_TEST(!rehearse(*p.plan, {}, {}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
