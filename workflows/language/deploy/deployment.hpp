#pragma once

#include "config/document/document.hpp"
#include "workflows/language/check/catalogue.hpp"
#include "workflows/plan/test_plan.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace troupe::workflow {

/// Workflows, agents and tests that were read and checked together. What has an error is not among them, but
/// what depends on it is: its own file says what is wrong.
struct deployment {
  std::map<std::string, std::shared_ptr<const plan>, std::less<>> workflows;
  std::map<std::string, std::shared_ptr<const agent_plan>, std::less<>> agents;
  std::vector<std::shared_ptr<const test_plan>> tests;
  config::diagnostics found; // file by file, in the order given
  std::size_t files = 0;

  bool sound() const noexcept { return found.errors() == 0; }
};

/// Checks files with one another. `around` is what there is besides: agents in C++, models, names of `env`.
deployment check_deployment(std::vector<config::source> files, const catalogue& around);

} // namespace troupe::workflow
