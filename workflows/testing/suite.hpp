#pragma once

#include "workflows/language/deploy/deployment.hpp"
#include "workflows/testing/coverage.hpp"
#include "workflows/testing/expectations.hpp"

#include <string>
#include <vector>

namespace troupe::workflow {

struct case_result {
  std::string name;
  std::uint32_t line = 0;
  std::vector<mismatch> mismatches;
  std::vector<std::string> problems;
  std::string reason; // why the run does not go on
  milliseconds virtual_time{0};
  std::uint64_t records = 0;
  std::uint64_t crashes = 0;

  bool passed() const noexcept { return mismatches.empty() && problems.empty(); }
};

/// How the tests of one file went.
struct suite_result {
  std::string file;
  std::string workflow;
  std::vector<case_result> cases;
  std::vector<branch> branches; // of the workflow, as taken by all of them

  std::size_t failed() const noexcept;
};

/// Runs tests whose names hold `only`. `around` has the workflow and agents that they are of.
suite_result run_tests(const test_plan& tests, const deployment& around, const std::string& only = {});

} // namespace troupe::workflow
