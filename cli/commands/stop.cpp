#include "cli/commands/agent_card.hpp"
#include "cli/commands/command.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

struct stop_options {
  std::string agent;
  std::string reason;
};

command_result stop(const invocation& run, const stop_options& options) {
  auto path = agent_path(options.agent);
  if (!path)
    return tl::unexpected(path.error());
  auto node = run.node();
  if (!node)
    return tl::unexpected(node.error());
  auto body = json::object();
  if (!options.reason.empty())
    body["reason"] = options.reason;
  auto agent = node->post(*path + "/stop", body);
  if (!agent)
    return tl::unexpected(agent.error());
  return print_agent(run.print(), *agent);
}

} // namespace

void add_stop(CLI::App& root, invocation& run) {
  add_command<stop_options>(
      root, run, "stop", "Stop an agent until it is restarted",
      [](CLI::App& command, stop_options& options) {
        command.add_option("AGENT", options.agent, "KIND/KEY")->required();
        command.add_option("--reason", options.reason, "a sentence for its history");
      },
      stop);
}

} // namespace troupe::cli
