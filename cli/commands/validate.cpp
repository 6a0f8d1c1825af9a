#include "cli/commands/command.hpp"
#include "cli/commands/workflow/files.hpp"
#include "config/diagnostic/exchange.hpp"
#include "config/time_zone/system_zones.hpp"
#include "gateway/version.hpp"
#include "workflows/language/deploy/deployment.hpp"
#include "workflows/language/deploy/find_files.hpp"

#include <CLI/CLI.hpp>

namespace troupe::cli {

namespace {

struct validate_options {
  std::vector<std::string> files;
  std::vector<std::string> agents;
  std::string output;
};

std::string rendered(const std::string& format, const config::diagnostics& found, std::size_t files) {
  if (format == "sarif")
    return config::render_sarif(found, gateway::version) + "\n";
  if (format == "github")
    return config::render_github(found);
  return format == "json" ? config::render_json(found, files) + "\n" : config::render_text(found, files);
}

/// Every error of every file at once.
command_result validate(const invocation& run, const validate_options& options) {
  auto files = workflow::find_files(options.files, options.agents, run.world.directory);
  if (!files)
    return tl::unexpected(files.error());
  workflow::catalogue around;
  around.agents_complete = files->agents_known;
  around.workflows_complete = files->whole_folder;
  around.zones = std::make_shared<time_zone::system_zones>();
  add_kinds(around);
  const auto checked = workflow::check_deployment(std::move(files->files), around);
  const std::string format = options.output.empty() ? run.flags.output : options.output;
  run.print().text(rendered(format, checked.found, checked.files));
  return checked.sound() ? exit_code::done : exit_code::unmet;
}

} // namespace

void add_validate(CLI::App& root, invocation& run) {
  add_command<validate_options>(
      root, run, "validate", "Every error of workflow and agent files at once",
      [](CLI::App& command, validate_options& options) {
        command.add_option("FILE", options.files, "files, or folders of them")->required();
        command.add_option("--agents", options.agents,
                           "folders of agent files, besides agents/ beside each file");
        command.add_option("-o,--output", options.output, "text, json, sarif or github")
            ->check(CLI::IsMember({"text", "json", "sarif", "github"}));
      },
      validate);
}

} // namespace troupe::cli
