#include "cli/commands/commands.hpp"
#include "cli/commands/runs/verbs.hpp"
#include "cli/commands/workflow/verbs.hpp"

#include <CLI/CLI.hpp>

namespace troupe::cli {

void add_workflow(CLI::App& root, invocation& run) {
  auto* group = root.add_subcommand("workflow", "Workflows and their runs");
  group->require_subcommand(1);
  group->fallthrough();
  add_run_lists(*group, run);
  add_run_steering(*group, run);
  add_workflow_schedule(*group, run);
  add_workflow_reload(*group, run);
  add_workflow_format(*group, run);
  add_workflow_convert(*group, run);
  add_workflow_schema(*group, run);
  add_workflow_diff(*group, run);
  add_workflow_test(*group, run);
  add_workflow_dry_run(*group, run);
  add_workflow_graph(*group, run);
}

} // namespace troupe::cli
