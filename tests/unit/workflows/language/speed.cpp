#include "tests/unit/workflows/language/reading.hpp"
#include "workflows/language/deploy/deployment.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <iostream>

using namespace troupe;
using namespace troupe::workflow;

namespace {

// A thousand lines as people write them: agents, branches, choices, expressions.
std::string thousand_lines() {
  std::string text =
      "workflow: long\ninput: { properties: { lead: { type: object } }, required: [lead] }\nsteps:\n";
  for (int i = 0; i < 83; ++i) {
    const std::string n = std::to_string(i);
    text +=
        "  - id: ask" + n +
        "\n    agent: sales.qualifier\n    action: assess\n    with: { lead: \"${{ input.lead }}\", n: " + n +
        " }\n    output: { schema: { properties: { score: { type: integer } }, required: [score] } }\n"
        "  - choice:\n      - when: ${{ steps.ask" +
        n +
        ".score >= 80 && input.lead != null }}\n        steps:\n"
        "          - { agent: mail, action: send, with: { to: \"${{ input.lead.email }}\", subject: \"Score "
        "${{ steps.ask" +
        n + ".score }}\" } }\n      - else:\n          - { set: { last: \"${{ steps.ask" + n +
        ".score + 1 }}\" } }\n"
        "  - { wait: 1s }\n";
  }
  return text + "output: ${{ vars.last }}\n";
}

} // namespace

BOOST_AUTO_TEST_SUITE(speed)

BOOST_AUTO_TEST_CASE(a_thousand_lines_are_checked_in_milliseconds) {
  const std::string text = thousand_lines();
  BOOST_TEST(std::count(text.begin(), text.end(), '\n') == 1'000);
  std::vector<double> times;
  for (int round = 0; round < 5; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    std::vector<config::source> files;
    files.emplace_back("long.yaml", text);
    const auto checked = check_deployment(std::move(files), {});
    times.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
    BOOST_TEST(checked.found.empty());
  }
  const double best = *std::min_element(times.begin(), times.end());
  std::cout << "a file of 1,000 lines: read and checked in " << best << " ms\n";
  BOOST_TEST(best < 500.0); // a debug build under a sanitizer on a busy machine
}

BOOST_AUTO_TEST_SUITE_END()
