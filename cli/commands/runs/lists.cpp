#include "cli/commands/command.hpp"
#include "cli/commands/runs/runs_table.hpp"
#include "cli/commands/runs/verbs.hpp"
#include "cli/console/table.hpp"
#include "cli/console/values.hpp"
#include "gateway/http/target.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

struct runs_options {
  std::string workflow;
  std::string state;
  std::vector<std::string> where;
  std::size_t limit = 100;
};
struct name_options {
  std::string name;
};
struct nothing {};

std::string workflows_table(const std::vector<json>& items) {
  table lines({"NAME", "VERSION", "HASH", "DESCRIPTION"});
  for (const auto& w : items)
    lines.row({cell(w, "name"), cell(w, "version"), cell(w, "hash").substr(0, 12), cell(w, "description")});
  return lines.text();
}

command_result list_workflows(const invocation& run, const nothing&) {
  auto node = run.node();
  if (!node)
    return tl::unexpected(node.error());
  auto found = fetch_list(*node, "/v1/workflows", {}, 1'000);
  if (!found)
    return tl::unexpected(found.error());
  return print_listing(run, *found, "workflow", workflows_table);
}

command_result show_workflow(const invocation& run, const name_options& options) {
  auto node = run.node();
  if (!node)
    return tl::unexpected(node.error());
  auto found = node->get("/v1/workflows/" + gateway::percent_encode(options.name));
  if (!found)
    return tl::unexpected(found.error());
  run.print().document(*found);
  return exit_code::done;
}

/// Each NAME=VALUE as the route wants it: NAME:VALUE, commas told apart from those between them.
result<std::string> search_of(const std::vector<std::string>& where) {
  std::string search;
  for (const auto& part : where) {
    const auto equals = part.find_first_of("=:");
    if (equals == std::string::npos || equals == 0)
      return fail(fault::invalid, "--where " + part + " is not NAME=VALUE", "--where company=Acme");
    search += search.empty() ? "" : ",";
    for (std::size_t i = 0; i < part.size(); ++i) {
      if (part[i] == ',' || part[i] == '\\')
        search += '\\';
      search += i == equals ? ':' : part[i];
    }
  }
  return search;
}

command_result list_runs(const invocation& run, const runs_options& options) {
  const auto search = search_of(options.where);
  if (!search)
    return tl::unexpected(search.error());
  std::string query;
  for (const auto& [name, value] : {std::pair("workflow", options.workflow),
                                    std::pair("state", options.state), std::pair("search", *search)})
    if (!value.empty())
      query += std::string("&") + name + "=" + gateway::percent_encode(value);
  auto node = run.node();
  if (!node)
    return tl::unexpected(node.error());
  auto found = fetch_list(*node, "/v1/runs", query, options.limit);
  if (!found)
    return tl::unexpected(found.error());
  return print_listing(run, *found, "run", runs_table);
}

} // namespace

std::string runs_table(const std::vector<json>& runs) {
  table lines({"RUN", "WORKFLOW", "STATE", "PHASE", "STARTED", "REASON"});
  for (const auto& r : runs)
    lines.row({cell(r, "id"), cell(r, "workflow"), cell(r, "state"), cell(r, "phase"), cell(r, "started"),
               cell(r, "reason")});
  return lines.text();
}

command_result print_listing(const invocation& run, const listing& shown, const std::string& noun,
                             std::string (*render)(const std::vector<json>&)) {
  auto print = run.print();
  if (print.format() == output_format::json)
    print.document(json{{"items", shown.items}, {"count", shown.items.size()}, {"complete", shown.complete}});
  if (print.format() == output_format::stream)
    for (const auto& item : shown.items)
      print.stream_line(item);
  if (print.is_text() && !shown.items.empty())
    print.text(render(shown.items));
  print.note(counted(shown.items.size(), noun) +
             (shown.complete ? ", complete" : ", more exist: raise --limit"));
  return exit_code::done;
}

void add_run_lists(CLI::App& group, invocation& run) {
  add_command<nothing>(
      group, run, "list", "The workflows of the node", [](CLI::App&, nothing&) {}, list_workflows);
  add_command<name_options>(
      group, run, "show", "One workflow with its definition",
      [](CLI::App& command, name_options& options) {
        command.add_option("NAME", options.name, "the workflow")->required();
      },
      show_workflow);
  add_command<runs_options>(
      group, run, "runs", "Runs, newest first",
      [](CLI::App& command, runs_options& options) {
        command.add_option("WORKFLOW", options.workflow, "only runs of this workflow");
        command.add_option("--state", options.state, "only runs in this state");
        command
            .add_option("--where,--search", options.where,
                        "NAME=VALUE of the workflow's `search`; several all hold")
            ->allow_extra_args(false);
        command.add_option("--limit", options.limit, "how many at most")->check(CLI::Range(1, 1'000'000));
      },
      list_runs);
}

} // namespace troupe::cli
