#pragma once

#include "workflows/testing/report.hpp"

#include <string>
#include <vector>

namespace troupe::workflow {

/// Files of one folder, and the tests among them run.
struct suite_rig {
  /// Texts of files; tests last.
  explicit suite_rig(std::vector<std::string> files, bool sound = true);

  const case_result& only() const;
  /// "WHAT: expected E, got G" of the only test, joined by "; "; its problems too.
  std::string wrong() const;

  deployment around;
  std::vector<suite_result> results;
  std::string findings;
};

/// A workflow `w` of these steps, and one test of it: the lines below `tests: - name: it works`.
std::string workflow_of(const std::string& steps);
std::string test_of(const std::string& body, const std::string& name = "it works");

} // namespace troupe::workflow
