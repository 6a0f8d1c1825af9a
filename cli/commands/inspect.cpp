#include "cli/commands/command.hpp"
#include "cli/commands/inspect_text.hpp"
#include "cli/commands/wait_tree.hpp"
#include "cli/console/values.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

struct inspect_options {
  std::string agent;
  bool state = false;
  bool mailbox = false;
  bool history = false;
  bool why = false;
  bool tree = false;
  std::size_t limit = 100;
};

command_result print_part(const invocation& run, const json& part, const std::string& text) {
  auto print = run.print();
  if (print.is_text())
    print.text(text);
  else
    print.document(part);
  return exit_code::done;
}

command_result show_list(const invocation& run, node_client& node, const std::string& path,
                         const inspect_options& options, const std::string& noun,
                         std::string (*render)(const std::vector<json>&)) {
  auto list = fetch_list(node, path, {}, options.limit);
  if (!list)
    return tl::unexpected(list.error());
  auto print = run.print();
  if (print.format() == output_format::json)
    print.document(json{{"items", list->items}, {"count", list->items.size()}, {"complete", list->complete}});
  if (print.format() == output_format::stream)
    for (const auto& item : list->items)
      print.stream_line(item);
  if (print.is_text() && !list->items.empty())
    print.text(render(list->items));
  print.note(counted(list->items.size(), noun) +
             (list->complete ? ", complete" : ", more exist: raise --limit"));
  return exit_code::done;
}

command_result show_tree(const invocation& run, node_client& node, const std::string& agent) {
  auto tree = read_wait_tree(node, agent);
  if (!tree)
    return tl::unexpected(tree.error());
  return print_part(run, *tree, wait_tree_text(*tree));
}

command_result inspect(const invocation& run, const inspect_options& options) {
  auto path = agent_path(options.agent);
  if (!path)
    return tl::unexpected(path.error());
  auto node = run.node();
  if (!node)
    return tl::unexpected(node.error());
  if (options.mailbox)
    return show_list(run, *node, *path + "/mailbox", options, "message", mailbox_text);
  if (options.history)
    return show_list(run, *node, *path + "/history", options, "event", history_text);
  if (options.tree)
    return show_tree(run, *node, options.agent);
  auto agent = node->get(*path);
  if (!agent)
    return tl::unexpected(agent.error());
  if (options.state)
    return print_part(run, array_at(*agent, "state_documents"), state_text(*agent));
  if (options.why)
    return print_part(run, json{{"id", cell(*agent, "id")}, {"why", array_at(*agent, "why")}},
                      why_text(*agent));
  return print_part(run, *agent, agent_text(*agent));
}

} // namespace

void add_inspect(CLI::App& root, invocation& run) {
  add_command<inspect_options>(
      root, run, "inspect", "Look into an agent",
      [](CLI::App& command, inspect_options& options) {
        command.add_option("ID", options.agent, "the agent, KIND/KEY")->required();
        auto* part = command.add_option_group("part", "one part only");
        part->add_flag("--state", options.state, "its state documents");
        part->add_flag("--mailbox", options.mailbox, "mail it has not applied yet");
        part->add_flag("--history", options.history, "what happened to it");
        part->add_flag("--why", options.why, "what it waits for, on whom, and what would get it going");
        part->add_flag("--tree", options.tree, "whom it waits for, and whom those wait for");
        part->require_option(0, 1);
        command.add_option("--limit", options.limit, "how many lines of a list")
            ->check(CLI::Range(1, 1'000'000));
      },
      inspect);
}

} // namespace troupe::cli
