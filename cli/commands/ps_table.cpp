#include "cli/commands/ps_table.hpp"

#include "cli/console/table.hpp"
#include "cli/console/values.hpp"

#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

constexpr milliseconds patience{60'000};

/// The most telling thing: why it is in this state, else what its oldest task waits for.
std::string reason_of(const json& agent) {
  if (auto reason = cell(agent, "reason"); !reason.empty())
    return reason;
  for (const auto& task : array_at(agent, "tasks"))
    for (const auto& wait : array_at(task, "waits"))
      return cell(wait, "what") + (cell(wait, "on").empty() ? "" : " on " + cell(wait, "on"));
  return {};
}

} // namespace

std::string agents_table(const std::vector<json>& agents, const printer&) {
  table lines({"AGENT", "STATE", "NODE", "MAIL", "TASKS", "TURNS", "REASON"});
  for (const auto& agent : agents)
    lines.row({cell(agent, "id"), cell(agent, "state"), cell(agent, "node"), cell(agent, "mailbox_depth"),
               std::to_string(array_at(agent, "tasks").size()), cell(agent, "turns"), reason_of(agent)});
  return lines.text();
}

std::string nodes_table(const std::vector<json>& nodes, const printer&) {
  table lines({"NODE", "STATE", "EPOCH", "AGENTS", "TURNS", "COMMITS", "STARTED", "REASON"});
  for (const auto& node : nodes)
    lines.row({cell(node, "id"), cell(node, "state"), cell(node, "epoch"), cell(node, "active_agents"),
               cell(node, "turns"), cell(node, "commits"), cell(node, "started"), cell(node, "reason")});
  return lines.text();
}

bool is_stuck(const json& agent, instant now) {
  if (cell(agent, "state") == "failed")
    return true;
  const auto since = to_rfc3339(now - patience); // the same width everywhere: text sorts as time does
  for (const auto& task : array_at(agent, "tasks"))
    for (const auto& wait : array_at(task, "waits"))
      if (auto began = cell(wait, "since"); !began.empty() && began < since)
        return true;
  return false;
}

} // namespace troupe::cli
