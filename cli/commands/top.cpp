#include "cli/commands/command.hpp"
#include "cli/commands/ps_table.hpp"
#include "cli/console/values.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

constexpr std::chrono::milliseconds refresh_pause{1'000};
constexpr std::size_t agents_read = 1'000;
constexpr std::string_view clear_screen = "\x1b[H\x1b[2J";

struct top_options {
  std::size_t rows = 20;
};

/// Busy first, then those with the most mail.
void put_busiest_first(std::vector<json>& agents) {
  const auto rank = [](const json& agent) {
    return std::pair(cell(agent, "state") != "busy", -agent.value("mailbox_depth", std::int64_t{0}));
  };
  std::ranges::stable_sort(agents, {}, rank);
}

result<std::string> picture(node_client& node, const top_options& options, const printer& print) {
  auto nodes = node.get("/v1/nodes");
  if (!nodes)
    return tl::unexpected(nodes.error());
  auto agents = fetch_list(node, "/v1/agents", {}, agents_read);
  if (!agents)
    return tl::unexpected(agents.error());
  const auto all = agents->items.size();
  put_busiest_first(agents->items);
  if (all > options.rows)
    agents->items.resize(options.rows);
  auto text = nodes_table(array_at(*nodes, "items").get<std::vector<json>>(), print) + "\n" +
              agents_table(agents->items, print);
  return text + counted(agents->items.size(), "agent") + " of " + std::to_string(all) +
         (agents->complete ? "" : " read, more exist") + "\n";
}

command_result top(const invocation& run, const top_options& options) {
  auto node = run.node();
  if (!node)
    return tl::unexpected(node.error());
  auto print = run.print();
  const bool live = run.world.out_is_terminal && print.is_text();
  do {
    auto text = picture(*node, options, print);
    if (!text)
      return tl::unexpected(text.error());
    print.text((live ? std::string(clear_screen) : std::string{}) + *text);
  } while (live && run.world.pause(refresh_pause));
  return exit_code::done;
}

} // namespace

void add_top(CLI::App& root, invocation& run) {
  add_command<top_options>(
      root, run, "top", "Nodes and their busiest agents, live on a terminal",
      [](CLI::App& command, top_options& options) {
        command.add_option("--rows", options.rows, "how many agents to show")->check(CLI::Range(1, 1'000));
      },
      top);
}

} // namespace troupe::cli
