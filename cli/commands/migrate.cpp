#include "cli/commands/command.hpp"
#include "cli/console/values.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

struct migrate_options {
  std::string agent;
  std::string to;
};

std::string in_ms(const json& object, const char* name) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f ms", object.value(name, 0.0));
  return text;
}

/// "prepare 0.8 ms ▸ freeze 1.2 ms ▸ switch 4.2 ms   paused 5.4 ms   now on node-b (epoch 9)"
std::string told(const json& move) {
  std::string line;
  for (const auto& phase : array_at(move, "phases"))
    line += (line.empty() ? "" : " ▸ ") + cell(phase, "name") + ' ' + in_ms(phase, "ms");
  return line + "   paused " + in_ms(move, "paused_ms") + "   now on " + cell(move, "to") + " (epoch " +
         cell(move, "epoch") + ")\n";
}

command_result migrate(const invocation& run, const migrate_options& options) {
  auto path = agent_path(options.agent);
  if (!path)
    return tl::unexpected(path.error());
  auto node = run.node();
  if (!node)
    return tl::unexpected(node.error());
  auto move = node->post(*path + "/migrate", json{{"to", options.to}});
  if (!move)
    return tl::unexpected(move.error());
  auto print = run.print();
  if (print.is_text())
    print.text(told(*move));
  else
    print.document(*move);
  return exit_code::done;
}

} // namespace

void add_migrate(CLI::App& root, invocation& run) {
  add_command<migrate_options>(
      root, run, "migrate", "Move an agent to another node while it works",
      [](CLI::App& command, migrate_options& options) {
        command.add_option("AGENT", options.agent, "KIND/KEY")->required();
        command.add_option("--to", options.to, "the node's name")->required();
      },
      migrate);
}

} // namespace troupe::cli
