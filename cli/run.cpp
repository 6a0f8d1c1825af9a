#include "cli/run.hpp"

#include "cli/commands/commands.hpp"
#include "cli/invocation.hpp"

#include <CLI/CLI.hpp>
#include <ostream>

namespace troupe::cli {

namespace {

void add_global_flags(CLI::App& root, invocation& run) {
  auto& flags = run.flags;
  root.add_option("-o,--output", flags.output, "text, or json for one JSON document")
      ->check(CLI::IsMember({"text", "json"}));
  root.add_flag("--stream", flags.stream, "JSON lines as they come");
  root.add_flag("--no-color", flags.no_color, "plain text also on a terminal");
  root.add_option("--url", flags.url, "the node to talk to, also TROUPE_URL");
  root.add_option("--config", flags.config_file, "settings file instead of ./troupe.yaml");
  root.add_option_function<std::string>(
      "--data",
      [&flags](const std::string& given) {
        flags.settings["data.dir"] = {given, "--data"};
      },
      "folder of the database and of node.json");
}

int told(exit_code code) { return static_cast<int>(code); }

int parse_failed(const CLI::App& root, const CLI::ParseError& problem, surroundings& around) {
  if (root.exit(problem, around.out, around.err) == 0) // help was asked for
    return told(exit_code::done);
  return told(exit_code::usage);
}

} // namespace

int run(const std::vector<std::string>& arguments, surroundings& around) {
  invocation invoked(around);
  CLI::App root("Durable agents that survive crashes.", "troupe");
  root.fallthrough(); // the flags of all commands may stand behind any of them
  root.require_subcommand(1);
  add_global_flags(root, invoked);
  add_all_commands(root, invoked);
  std::vector<std::string> from_the_back(arguments.rbegin(), arguments.rend());
  try {
    root.parse(from_the_back);
  } catch (const CLI::ParseError& problem) {
    return parse_failed(root, problem, around);
  }
  auto ended = invoked.run();
  if (ended)
    return told(*ended);
  invoked.print().failure(ended.error());
  return told(exit_of(ended.error().what));
}

} // namespace troupe::cli
