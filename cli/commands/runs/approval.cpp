#include "cli/commands/command.hpp"
#include "cli/commands/runs/runs_table.hpp"
#include "cli/console/table.hpp"
#include "cli/console/values.hpp"
#include "gateway/http/target.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

struct list_options {
  std::string workflow;
  std::string state;
  std::size_t limit = 100;
};
struct decide_options {
  std::string id;
  std::string note;
  std::string by;
  std::string edit;
};
struct link_options {
  std::string id;
  std::string by;
  std::string decision;
  std::string expires;
};

std::string path_of(const std::string& id) { return "/v1/approvals/" + gateway::percent_encode(id); }

std::string approvals_table(const std::vector<json>& items) {
  table lines({"APPROVAL", "WORKFLOW", "STATE", "OPENED", "ROLE", "TITLE", "DECISION"});
  for (const auto& a : items)
    lines.row({cell(a, "id"), cell(a, "workflow"), cell(a, "state"), cell(a, "opened"),
               cell(a.value("by", json()), "role"), cell(a, "title"),
               cell(a, "decision") + (a.contains("decided_by") ? " by " + cell(a, "decided_by") : "")});
  return lines.text();
}

command_result list_approvals(const invocation& run, const list_options& options) {
  auto node = run.node();
  if (!node)
    return tl::unexpected(node.error());
  std::string query;
  if (!options.workflow.empty())
    query += "&workflow=" + gateway::percent_encode(options.workflow);
  if (!options.state.empty())
    query += "&state=" + gateway::percent_encode(options.state);
  auto found = fetch_list(*node, "/v1/approvals", query, options.limit);
  if (!found)
    return tl::unexpected(found.error());
  return print_listing(run, *found, "approval", approvals_table);
}

command_result show_approval(const invocation& run, const decide_options& options) {
  auto node = run.node();
  if (!node)
    return tl::unexpected(node.error());
  auto found = node->get(path_of(options.id));
  if (!found)
    return tl::unexpected(found.error());
  run.print().document(*found);
  return exit_code::done;
}

command_result decide(const invocation& run, const decide_options& options, const std::string& decision) {
  json body{{"decision", decision}};
  if (!options.note.empty())
    body["note"] = options.note;
  if (!options.by.empty())
    body["by"] = options.by;
  if (!options.edit.empty()) {
    auto text = read_argument(run, options.edit);
    if (!text)
      return tl::unexpected(text.error());
    auto edit = json::parse(*text, nullptr, false);
    if (edit.is_discarded())
      return fail(fault::invalid, "--edit is no JSON", "--edit @file.json");
    body["edit"] = std::move(edit);
  }
  auto node = run.node();
  if (!node)
    return tl::unexpected(node.error());
  auto taken = node->post(path_of(options.id), body);
  if (!taken)
    return tl::unexpected(taken.error());
  auto print = run.print();
  if (!print.is_text())
    print.document(*taken);
  else
    print.text(decision + " " + options.id + "\n");
  return exit_code::done;
}

command_result make_link(const invocation& run, const link_options& options) {
  json body{{"by", options.by}};
  if (!options.decision.empty())
    body["decision"] = options.decision;
  if (!options.expires.empty())
    body["expires_in"] = options.expires;
  auto node = run.node();
  if (!node)
    return tl::unexpected(node.error());
  auto made = node->post(path_of(options.id) + "/links", body);
  if (!made)
    return tl::unexpected(made.error());
  auto print = run.print();
  if (!print.is_text())
    print.document(*made);
  else
    print.text(cell(*made, "url") + "\n");
  print.note("for " + options.by + ", once, until " + cell(*made, "expires"));
  return exit_code::done;
}

void takes_id(CLI::App& command, decide_options& options) {
  command.add_option("APPROVAL", options.id, "its id")->required();
}

} // namespace

void add_approval(CLI::App& root, invocation& run) {
  auto* group = root.add_subcommand("approval", "What waits for a person");
  group->require_subcommand(1);
  group->fallthrough();
  add_command<list_options>(
      *group, run, "list", "What waits for a person",
      [](CLI::App& command, list_options& options) {
        command.add_option("--workflow", options.workflow, "only those of this workflow");
        command.add_option("--state", options.state,
                           "input_required unless told; completed: the decided ones");
        command.add_option("--limit", options.limit, "how many at most")->check(CLI::Range(1, 1'000'000));
      },
      list_approvals);
  add_command<decide_options>(*group, run, "show", "One of them, with what is to be decided", takes_id,
                              show_approval);
  add_command<link_options>(
      *group, run, "link", "A link by which one person decides, once",
      [](CLI::App& command, link_options& options) {
        command.add_option("APPROVAL", options.id, "its id")->required();
        command.add_option("--for", options.by, "who decides by it")->required();
        command.add_option("--decision", options.decision, "approved or rejected; else the person chooses");
        command.add_option("--expires", options.expires, "how long it is good: 2d unless told, 30d at most");
      },
      make_link);
  for (const auto& [verb, decision] : {std::pair("approve", "approved"), std::pair("reject", "rejected")})
    add_command<decide_options>(
        *group, run, verb, std::string(verb) == "approve" ? "Let it go on" : "Refuse it",
        [](CLI::App& command, decide_options& options) {
          takes_id(command, options);
          command.add_option("--note", options.note, "what to remember about the decision");
          command.add_option("--by", options.by, "who decides; else local");
          command.add_option("--edit", options.edit, "JSON or @FILE instead of what it offers to edit");
        },
        [decision = std::string(decision)](const invocation& chosen, const decide_options& options) {
          return decide(chosen, options, decision);
        });
}

} // namespace troupe::cli
