#include "cli/commands/command.hpp"
#include "cli/commands/workflow/files.hpp"
#include "cli/commands/workflow/verbs.hpp"
#include "workflows/language/rewrite/difference.hpp"

namespace troupe::cli {

namespace {

struct diff_options {
  std::string before;
  std::string after;
};

result<std::unique_ptr<workflow::file_draft>>
read_workflow_file(const invocation& run, const std::string& name, config::diagnostics& found) {
  auto source = read_source(run, name);
  if (!source)
    return tl::unexpected(source.error());
  auto draft = workflow::read_file(std::move(*source), found);
  if (draft)
    found.add_all(draft->found);
  if (draft && !draft->workflow)
    return fail(fault::invalid, name + " is no workflow");
  return draft;
}

command_result diff(const invocation& run, const diff_options& options) {
  config::diagnostics found;
  auto before = read_workflow_file(run, options.before, found);
  if (!before)
    return tl::unexpected(before.error());
  auto after = read_workflow_file(run, options.after, found);
  if (!after)
    return tl::unexpected(after.error());
  auto print = run.print();
  if (found.errors() > 0) {
    print.note(config::render_text(found, 2));
    return exit_code::unmet;
  }
  const auto all = workflow::compare(*(*before)->workflow, *(*after)->workflow);
  print.text(print.is_text() ? workflow::render_text(all) : workflow::render_json(all) + "\n");
  return exit_code::done;
}

} // namespace

void add_workflow_diff(CLI::App& group, invocation& run) {
  add_command<diff_options>(
      group, run, "diff", "What tells two versions of a workflow apart, step by step",
      [](CLI::App& command, diff_options& options) {
        command.add_option("BEFORE", options.before, "a file")->required();
        command.add_option("AFTER", options.after, "a file")->required();
      },
      diff);
}

} // namespace troupe::cli
