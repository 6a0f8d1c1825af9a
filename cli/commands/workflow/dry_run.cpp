#include "cli/commands/command.hpp"
#include "cli/commands/runs/run_input.hpp"
#include "cli/commands/workflow/files.hpp"
#include "cli/commands/workflow/verbs.hpp"
#include "config/expression/value_json.hpp"
#include "workflows/language/deploy/deployment.hpp"
#include "workflows/language/deploy/find_files.hpp"
#include "workflows/rehearsal/rehearsal.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

struct dry_run_options {
  std::string file;
  std::vector<std::string> input;
  std::vector<std::string> agents;
};

command_result dry_run(const invocation& run, const dry_run_options& options) {
  auto files = workflow::find_files({options.file}, options.agents, run.world.directory);
  if (!files)
    return tl::unexpected(files.error());
  workflow::catalogue around;
  around.agents_complete = files->agents_known;
  add_kinds(around);
  const auto checked = workflow::check_deployment(std::move(files->files), around);
  auto print = run.print();
  if (!checked.sound()) {
    print.note(config::render_text(checked.found, checked.files));
    return exit_code::unmet;
  }
  if (checked.workflows.size() != 1)
    return fail(fault::invalid, options.file + " is no workflow", "troupe workflow dry-run FILE --input …");
  const auto& plan = *checked.workflows.begin()->second;
  const auto input = read_input(run, options.input);
  if (!input)
    return tl::unexpected(input.error());
  auto as_value = expression::from_json(*input);
  if (!as_value)
    return tl::unexpected(as_value.error());
  workflow::rehearsal_input given;
  given.input = std::move(*as_value);
  const auto all = workflow::rehearse(plan, checked, given);
  if (!all)
    return tl::unexpected(all.error());
  print.text(print.is_text() ? workflow::render_text(plan, *all) : workflow::render_json(plan, *all));
  return exit_code::done;
}

} // namespace

void add_workflow_dry_run(CLI::App& group, invocation& run) {
  add_command<dry_run_options>(
      group, run, "dry-run", "What a run would do, step by step; nothing is done",
      [](CLI::App& command, dry_run_options& options) {
        command.add_option("FILE", options.file, "a workflow")->required();
        command.add_option("--input", options.input, "name=value, @FILE or JSON");
        command.add_option("--agents", options.agents,
                           "folders of agent files, besides agents/ beside the file");
      },
      dry_run);
}

} // namespace troupe::cli
