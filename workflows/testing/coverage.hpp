#pragma once

#include "workflows/plan/plan.hpp"
#include "workflows/testing/case_run.hpp"

#include <map>
#include <string>
#include <vector>

namespace troupe::workflow {

/// One way that a run can take.
struct branch {
  std::string place; // the step's path, without iterations
  std::uint32_t line = 0;
  std::string way; // "when steps.qualify.score >= 60", "if it does not hold", "nobody decides"
  bool taken = false;
};

/// What the runs of a workflow were seen to do, together.
using traces = std::map<const step*, step_trace>;
void add_traces(traces& into, const case_outcome& of);

/// In the order of the file: arms of a choice, both sides of an `if`, catch clauses, decisions and deadlines
/// of approvals, signals and time-outs, winners of a race.
std::vector<branch> branches_of(const plan& of, const traces& seen);

} // namespace troupe::workflow
