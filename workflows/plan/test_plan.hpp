#pragma once

#include "config/diagnostic/source.hpp"
#include "config/expression/value.hpp"
#include "runtime/base/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace troupe::workflow {

/// A kind, and a part of the message: empty, any.
struct failure_words {
  std::string kind;
  std::string message;
};

/// One answer of somebody who is not there.
struct mock_answer {
  expression::value returns;
  std::optional<failure_words> fails; // instead
  milliseconds after{0};
};

/// What a person says after an approval has opened.
struct scripted_vote {
  milliseconds after{0};
  bool approved = false;
  std::string by = "approver";
  std::vector<std::string> roles = {"*"};
  std::string note;
  std::optional<expression::value> edit;
  bool refused = false; // it has to be
};

/// What comes from outside after the run began.
struct scripted_signal {
  milliseconds after{0};
  expression::value body;
  std::string correlate;
};

struct expected_calls {
  std::optional<std::uint64_t> times;
  std::optional<expression::value> with;
};

/// What is absent is not looked at.
struct expectation {
  std::string state;
  std::optional<expression::value> output;
  std::optional<failure_words> error;
  std::vector<std::pair<std::string, expression::value>> vars;
  std::string phase;
  std::map<std::string, std::uint64_t> effects;
  std::map<std::string, expected_calls> calls;
  std::vector<std::string> path;
  std::vector<std::string> never;
  std::string stuck;
  std::optional<milliseconds> at_least;
  std::optional<milliseconds> at_most;
  std::string same_as;
};

/// By step id, path or agent.action.
template<class What>
using scripts = std::map<std::string, std::vector<What>, std::less<>>;

struct test_case {
  std::string name;
  config::range where; // of its name
  std::optional<expression::value> input;
  expression::value event;
  scripts<mock_answer> mocks;
  scripts<scripted_vote> approvals;
  scripts<scripted_signal> signals;
  std::map<std::string, expression::value> env;
  std::string started_by = "test";
  std::optional<instant> begins;
  std::optional<milliseconds> cancel_after;
  std::optional<milliseconds> until; // how long it is watched
  bool crash_at_every_record = false;
  expectation expect;
};

/// A file of tests of one workflow.
struct test_plan {
  std::string file;
  std::string workflow;
  std::vector<test_case> cases;
};

} // namespace troupe::workflow
