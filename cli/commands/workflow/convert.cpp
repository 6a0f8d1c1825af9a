#include "workflows/language/rewrite/convert.hpp"
#include "cli/commands/command.hpp"
#include "cli/commands/workflow/files.hpp"
#include "cli/commands/workflow/verbs.hpp"
#include "config/document/document.hpp"
#include "workflows/language/explain/editor_schema.hpp"

namespace troupe::cli {

namespace {

struct convert_options {
  std::string file;
  std::string to;
};

bool is_json(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first != std::string::npos && (text[first] == '{' || text[first] == '[');
}

command_result convert(const invocation& run, const convert_options& options) {
  auto source = read_source(run, options.file);
  if (!source)
    return tl::unexpected(source.error());
  const bool json = options.to.empty() ? !is_json(source->text()) : options.to == "json";
  config::diagnostics found;
  const auto parsed = config::parse_document(std::move(*source), found);
  auto print = run.print();
  if (!parsed) {
    print.note(config::render_text(found, 1));
    return exit_code::unmet;
  }
  if (!json) {
    print.text(workflow::as_yaml(parsed->root()));
    return exit_code::done;
  }
  const auto text = workflow::as_json(parsed->root());
  if (!text)
    return tl::unexpected(text.error());
  print.text(*text);
  return exit_code::done;
}

command_result schema(const invocation& run, const no_options&) {
  run.print().text(workflow::editor_schema());
  return exit_code::done;
}

} // namespace

void add_workflow_convert(CLI::App& group, invocation& run) {
  add_command<convert_options>(
      group, run, "convert", "YAML to JSON or back: the same tree; comments are lost",
      [](CLI::App& command, convert_options& options) {
        command.add_option("FILE", options.file, "- reads standard input")->required();
        command.add_option("--to", options.to, "json or yaml; else the other one")
            ->check(CLI::IsMember({"json", "yaml"}));
      },
      convert);
}

void add_workflow_schema(CLI::App& group, invocation& run) {
  add_command<no_options>(
      group, run, "schema", "The JSON Schema of workflow and agent files, for editors", [](auto&, auto&) {},
      schema);
}

} // namespace troupe::cli
