#pragma once

#include "workflows/language/read/draft.hpp"
#include "workflows/plan/test_plan.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace troupe::workflow {

struct action_draft {
  config::node key;
  config::node at;
  draft plan; // without steps for decisions and predictions
};

struct agent_draft {
  std::shared_ptr<agent_plan> made;
  config::node at;
  std::vector<action_draft> actions; // in the order written
};

/// A file as far as it could be read: one workflow, one agent, or tests. What is found about it later goes to
/// the same findings.
struct file_draft {
  explicit file_draft(config::document parsed)
      : file(std::move(parsed))
      , to(found) {}
  file_draft(const file_draft&) = delete;
  file_draft& operator=(const file_draft&) = delete;

  config::document file;
  config::diagnostics found;
  reporter to;
  std::optional<draft> workflow;
  std::optional<agent_draft> agent;
  std::shared_ptr<const test_plan> tests;
};

/// Levels 0 and 1, and the plan. Null when the file cannot be read as YAML or is neither a workflow, an
/// agent nor tests; `found` says why then. Else the findings are the draft's own.
std::unique_ptr<file_draft> read_file(config::source in, config::diagnostics& found);

} // namespace troupe::workflow
