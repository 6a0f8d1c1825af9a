#include "gateway/version.hpp"
#include "cli/commands/command.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

command_result show_version(const invocation& run, const no_options&) {
  auto print = run.print();
  if (print.is_text())
    print.text("troupe " + std::string(gateway::version) + "\n");
  else
    print.document(json{{"version", gateway::version}});
  return exit_code::done;
}

} // namespace

void add_version(CLI::App& root, invocation& run) {
  add_command<no_options>(
      root, run, "version", "Say which version this is", [](auto&, auto&) {}, show_version);
}

} // namespace troupe::cli
