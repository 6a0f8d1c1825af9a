#include "cli/commands/agent_card.hpp"
#include "cli/commands/command.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

struct restart_options {
  std::string agent;
  bool reset = false;
  std::string task;
};

std::string mode_of(const restart_options& options) {
  if (options.reset)
    return "reset";
  return options.task.empty() ? "plain" : "task_" + options.task;
}

command_result restart(const invocation& run, const restart_options& options) {
  auto path = agent_path(options.agent);
  if (!path)
    return tl::unexpected(path.error());
  auto node = run.node();
  if (!node)
    return tl::unexpected(node.error());
  auto agent = node->post(*path + "/restart", json{{"mode", mode_of(options)}});
  if (!agent)
    return tl::unexpected(agent.error());
  return print_agent(run.print(), *agent);
}

} // namespace

void add_restart(CLI::App& root, invocation& run) {
  add_command<restart_options>(
      root, run, "restart", "Start an agent again from its committed state",
      [](CLI::App& command, restart_options& options) {
        command.add_option("AGENT", options.agent, "KIND/KEY")->required();
        auto* reset = command.add_flag("--reset", options.reset, "cancel its open tasks first");
        command.add_option("--task", options.task, "of a failed agent's task: retry it or abandon it")
            ->check(CLI::IsMember({"retry", "abandon"}))
            ->excludes(reset);
      },
      restart);
}

} // namespace troupe::cli
