#include "cli/commands/command.hpp"
#include "cli/commands/ps_table.hpp"
#include "cli/commands/runs/runs_table.hpp"
#include "cli/console/values.hpp"
#include "gateway/http/target.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

struct ps_options {
  std::string what = "agents";
  std::string state;
  std::string prefix;
  bool stuck = false;
  std::size_t limit = 100;
};

std::string agent_filters(const ps_options& options) {
  std::string query;
  if (!options.state.empty())
    query += "&state=" + gateway::percent_encode(options.state);
  if (!options.prefix.empty())
    query += "&prefix=" + gateway::percent_encode(options.prefix);
  return query;
}

/// How many there are and whether that is all of them.
std::string summary_of(const listing& shown, const std::string& noun) {
  return counted(shown.items.size(), noun) + (shown.complete ? ", complete" : ", more exist: raise --limit");
}

command_result print_list(const invocation& run, const listing& shown, const std::string& noun,
                          std::string (*render)(const std::vector<json>&, const printer&)) {
  auto print = run.print();
  if (print.format() == output_format::json)
    print.document(json{{"items", shown.items}, {"count", shown.items.size()}, {"complete", shown.complete}});
  if (print.format() == output_format::stream)
    for (const auto& item : shown.items)
      print.stream_line(item);
  if (print.is_text() && !shown.items.empty())
    print.text(render(shown.items, print));
  print.note(summary_of(shown, noun));
  return exit_code::done;
}

command_result list_nodes(const invocation& run, node_client& node) {
  auto nodes = node.get("/v1/nodes");
  if (!nodes)
    return tl::unexpected(nodes.error());
  listing all;
  for (const auto& item : array_at(*nodes, "items"))
    all.items.push_back(item);
  return print_list(run, all, "node", nodes_table);
}

command_result list_runs(const invocation& run, node_client& node, const ps_options& options) {
  std::string query = options.state.empty() ? "" : "&state=" + gateway::percent_encode(options.state);
  if (options.stuck)
    query += "&open=true";
  auto runs = fetch_list(node, "/v1/runs", query, options.limit);
  if (!runs)
    return tl::unexpected(runs.error());
  if (options.stuck)
    std::erase_if(runs->items, [](const json& r) { return !r.value("stuck", false); });
  return print_listing(run, *runs, "run", runs_table);
}

command_result ps(const invocation& run, const ps_options& options) {
  auto node = run.node();
  if (!node)
    return tl::unexpected(node.error());
  if (options.what == "nodes")
    return list_nodes(run, *node);
  if (options.what == "runs")
    return list_runs(run, *node, options);
  auto agents = fetch_list(*node, "/v1/agents", agent_filters(options), options.limit);
  if (!agents)
    return tl::unexpected(agents.error());
  if (options.stuck)
    std::erase_if(agents->items, [&](const json& agent) { return !is_stuck(agent, run.world.clock->now()); });
  return print_list(run, *agents, "agent", agents_table);
}

} // namespace

void add_ps(CLI::App& root, invocation& run) {
  add_command<ps_options>(
      root, run, "ps", "List agents, nodes or runs",
      [](CLI::App& command, ps_options& options) {
        command.add_option("WHAT", options.what, "agents, nodes or runs")
            ->check(CLI::IsMember({"agents", "nodes", "runs"}));
        command.add_option("--state", options.state, "only those in this state");
        command.add_option("--prefix", options.prefix, "only agents whose KIND/KEY begins with this");
        command.add_flag("--stuck", options.stuck,
                         "only agents that failed or wait for more than a minute; runs out of retries");
        command.add_option("--limit", options.limit, "how many at most")->check(CLI::Range(1, 1'000'000));
      },
      ps);
}

} // namespace troupe::cli
