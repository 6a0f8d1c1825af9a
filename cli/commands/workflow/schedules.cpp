// The schedules of a node: looking at them, and what a person may do to them.
#include "cli/commands/command.hpp"
#include "cli/commands/runs/runs_table.hpp"
#include "cli/commands/workflow/verbs.hpp"
#include "cli/console/table.hpp"
#include "cli/console/values.hpp"
#include "gateway/http/target.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

struct list_options {
  std::string workflow;
  std::size_t limit = 100;
};

struct schedule_options {
  std::string id;
  std::string from;
  std::string to;
};

std::string schedules_table(const std::vector<json>& items) {
  table lines({"SCHEDULE", "STATE", "WHEN", "NEXT", "LAST", "STARTED", "OPEN", "REASON"});
  for (const auto& s : items) {
    auto when = s.contains("cron") ? cell(s, "cron") : "every " + cell(s, "every");
    if (s.contains("timezone") && s.at("timezone") != "UTC")
      when += ' ' + cell(s, "timezone");
    lines.row({cell(s, "schedule"), cell(s, "state"), when, cell(s, "next"),
               cell(s.value("last", json()), "instant"), cell(s, "started"), cell(s, "open"),
               cell(s, "reason")});
  }
  return lines.text();
}

command_result list_schedules(const invocation& run, const list_options& options) {
  auto node = run.node();
  if (!node)
    return tl::unexpected(node.error());
  const auto query = options.workflow.empty() ? "" : "&workflow=" + gateway::percent_encode(options.workflow);
  auto found = fetch_list(*node, "/v1/schedules", query, options.limit);
  if (!found)
    return tl::unexpected(found.error());
  return print_listing(run, *found, "schedule", schedules_table);
}

/// WORKFLOW/NAME, or WORKFLOW where it has one schedule.
result<std::string> path_of(node_client& node, const std::string& id) {
  const auto slash = id.find('/');
  if (slash != std::string::npos)
    return "/v1/schedules/" + gateway::percent_encode(id.substr(0, slash)) + '/' +
           gateway::percent_encode(id.substr(slash + 1));
  auto found = fetch_list(node, "/v1/schedules", "&workflow=" + gateway::percent_encode(id), 100);
  if (!found)
    return tl::unexpected(found.error());
  if (found->items.empty())
    return fail(fault::not_found, "the workflow " + id + " has no schedule on this node",
                "troupe workflow schedule list");
  if (found->items.size() > 1)
    return fail(fault::invalid, "the workflow " + id + " has several schedules",
                "say which: " + cell(found->items.front(), "schedule"));
  return "/v1/schedules/" + gateway::percent_encode(id) + '/' +
         gateway::percent_encode(cell(found->items.front(), "name"));
}

command_result show_schedule(const invocation& run, const schedule_options& options) {
  auto node = run.node();
  if (!node)
    return tl::unexpected(node.error());
  auto path = path_of(*node, options.id);
  if (!path)
    return tl::unexpected(path.error());
  auto found = node->get(*path);
  if (!found)
    return tl::unexpected(found.error());
  run.print().document(*found);
  return exit_code::done;
}

command_result steer(const invocation& run, const schedule_options& options, const std::string& verb) {
  auto node = run.node();
  if (!node)
    return tl::unexpected(node.error());
  auto path = path_of(*node, options.id);
  if (!path)
    return tl::unexpected(path.error());
  auto body = json::object();
  if (verb == "backfill")
    body = json{{"from", options.from}, {"to", options.to}};
  auto done = node->post(*path + '/' + verb, body);
  if (!done)
    return tl::unexpected(done.error());
  auto print = run.print();
  if (!print.is_text())
    print.document(*done);
  else if (done->contains("run"))
    print.text(cell(*done, "run") + "\n");
  else if (done->contains("instants"))
    print.text(cell(*done, "instants") + " instants\n");
  else
    print.text(cell(*done, "schedule") + "\n");
  return exit_code::done;
}

void takes_schedule(CLI::App& command, schedule_options& options) {
  command
      .add_option("SCHEDULE", options.id, "WORKFLOW/NAME, or the workflow alone where it has one schedule")
      ->required();
}

} // namespace

void add_schedule_verbs(CLI::App& group, invocation& run) {
  add_command<list_options>(
      group, run, "list", "The schedules of the node",
      [](CLI::App& command, list_options& options) {
        command.add_option("WORKFLOW", options.workflow, "only those of this workflow");
        command.add_option("--limit", options.limit, "how many at most")->check(CLI::Range(1, 1'000'000));
      },
      list_schedules);
  add_command<schedule_options>(group, run, "show", "One of them, with its open runs", takes_schedule,
                                show_schedule);
  for (const auto& [verb, about] :
       {std::pair("pause", "Start no runs until resume"),
        std::pair("resume", "Start runs again; what came in between is not made up for"),
        std::pair("trigger", "Start a run now; prints its id")})
    add_command<schedule_options>(
        group, run, verb, about, takes_schedule,
        [verb = std::string(verb)](const invocation& chosen, const schedule_options& options) {
          return steer(chosen, options, verb);
        });
  add_command<schedule_options>(
      group, run, "backfill", "Start the runs of past instants that have not run",
      [](CLI::App& command, schedule_options& options) {
        takes_schedule(command, options);
        command.add_option("--from", options.from, "the first instant: 2026-11-20T07:00:00Z")->required();
        command.add_option("--to", options.to, "the last one")->required();
      },
      [](const invocation& chosen, const schedule_options& options) {
        return steer(chosen, options, "backfill");
      });
}

} // namespace troupe::cli
