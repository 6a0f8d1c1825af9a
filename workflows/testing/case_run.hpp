#pragma once

#include "workflows/plan/test_plan.hpp"
#include "workflows/testing/world.hpp"

#include <compare>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace troupe::workflow {

/// Something that took place outside: one for each idempotency key, however often it was asked.
struct effect {
  std::string action; // agent.action
  std::string body;
  std::string key;
  auto operator<=>(const effect&) const = default;
};

/// What a step was seen to do, for coverage.
struct step_trace {
  bool ran = false;
  bool skipped = false;
  std::set<std::string> endings; // of approvals, receives and races: which way they ended
};

/// How a test's run went, and all that can be asked about it.
struct case_outcome {
  std::string state;
  std::string reason; // why it does not go on
  value output;
  failure error;
  std::vector<std::pair<std::string, value>> vars;
  std::string phase;
  std::vector<std::string> stuck; // paths
  std::vector<std::string> trail; // paths of steps that ran, in the order of beginning
  std::vector<asked> calls;
  std::set<effect> effects;
  milliseconds virtual_time{0};
  std::uint64_t records = 0;
  std::uint64_t crashes = 0;
  std::vector<std::string> problems; // of the test itself: what nobody answers, a decision that was refused
  std::map<const step*, step_trace> seen;

  std::uint64_t effects_of(std::string_view action) const;
};

/// Runs the workflow of a test once, in virtual time; `known` has it, what it starts and what it asks.
case_outcome run_case(const std::string& workflow, const test_case& test, const catalog& known,
                      bool crashing);

/// "rounds[2]/reply" is the step "reply".
std::string_view step_in(std::string_view path);

} // namespace troupe::workflow
