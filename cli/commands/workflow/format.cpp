#include "workflows/language/rewrite/format.hpp"
#include "cli/commands/command.hpp"
#include "cli/commands/workflow/files.hpp"
#include "cli/commands/workflow/verbs.hpp"

namespace troupe::cli {

namespace {

struct format_options {
  std::vector<std::string> files;
  bool only_check = false;
};

command_result format(const invocation& run, const format_options& options) {
  config::diagnostics found;
  auto print = run.print();
  bool all_formatted = true;
  for (const auto& name : options.files) {
    auto source = read_source(run, name);
    if (!source)
      return tl::unexpected(source.error());
    const auto formatted = workflow::format_file(*source, found);
    if (!formatted)
      continue;
    if (name == "-") {
      print.text(*formatted);
    } else if (*formatted != source->text()) {
      all_formatted = false;
      print.text(name + "\n");
      if (options.only_check)
        continue;
      if (auto written = replace_file(run.path(name), *formatted); !written)
        return tl::unexpected(written.error());
    }
  }
  if (found.errors() > 0) {
    print.note(config::render_text(found, options.files.size()));
    return exit_code::unmet;
  }
  return options.only_check && !all_formatted ? exit_code::unmet : exit_code::done;
}

} // namespace

void add_workflow_format(CLI::App& group, invocation& run) {
  add_command<format_options>(
      group, run, "fmt", "Give files the house's white space; comments stay",
      [](CLI::App& command, format_options& options) {
        command.add_option("FILE", options.files, "- reads standard input and prints")->required();
        command.add_flag("--check", options.only_check, "change nothing; exit 6 if something would change");
      },
      format);
}

} // namespace troupe::cli
