#include "cli/commands/agent_card.hpp"
#include "cli/commands/command.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

struct spawn_options {
  std::string kind;
  std::string key;
};

command_result spawn(const invocation& run, const spawn_options& options) {
  auto path = agent_path(options.kind + "/" + options.key);
  if (!path)
    return tl::unexpected(path.error());
  auto node = run.node();
  if (!node)
    return tl::unexpected(node.error());
  auto agent = node->post(*path, json::object());
  if (!agent)
    return tl::unexpected(agent.error());
  return print_agent(run.print(), *agent);
}

} // namespace

void add_spawn(CLI::App& root, invocation& run) {
  add_command<spawn_options>(
      root, run, "spawn", "Activate an agent without mail, creating it if need be",
      [](CLI::App& command, spawn_options& options) {
        command.add_option("KIND", options.kind, "the agent's kind")->required();
        command.add_option("--key", options.key, "the agent's key")->required();
      },
      spawn);
}

} // namespace troupe::cli
