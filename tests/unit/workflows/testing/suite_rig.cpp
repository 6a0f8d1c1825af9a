#include "tests/unit/workflows/testing/suite_rig.hpp"

#include <boost/test/unit_test.hpp>

namespace troupe::workflow {

suite_rig::suite_rig(std::vector<std::string> files, bool sound) {
  std::vector<config::source> sources;
  for (std::size_t i = 0; i < files.size(); ++i)
    sources.emplace_back("f" + std::to_string(i) + ".yaml", std::move(files[i]));
  catalogue known;
  known.tested_complete = true;
  around = check_deployment(std::move(sources), known);
  for (const auto& d : around.found.items())
    findings += render_text(d);
  BOOST_REQUIRE_MESSAGE(around.sound() == sound, findings);
  if (around.sound())
    for (const auto& tests : around.tests)
      results.push_back(run_tests(*tests, around));
}

const case_result& suite_rig::only() const {
  BOOST_REQUIRE(results.size() == 1u);
  BOOST_REQUIRE(results[0].cases.size() == 1u);
  return results[0].cases[0];
}

std::string suite_rig::wrong() const {
  std::string all;
  for (const auto& m : only().mismatches)
    all += (all.empty() ? "" : "; ") + m.what + ": expected " + m.expected + ", got " + m.got;
  for (const auto& p : only().problems)
    all += (all.empty() ? "" : "; ") + p;
  return all;
}

std::string workflow_of(const std::string& steps) { return "workflow: w\nsteps:\n" + steps; }

std::string test_of(const std::string& body, const std::string& name) {
  return "test: w\ntests:\n  - name: " + name + "\n" + body;
}

} // namespace troupe::workflow
