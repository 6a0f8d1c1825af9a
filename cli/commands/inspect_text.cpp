#include "cli/commands/inspect_text.hpp"

#include "cli/console/printer.hpp"
#include "cli/console/table.hpp"
#include "cli/console/values.hpp"

#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

/// "state     idle"; nothing at all for an empty value.
std::string line(const std::string& name, const std::string& value) {
  if (value.empty())
    return {};
  return name + std::string(name.size() < 12 ? 12 - name.size() : 1, ' ') + value + "\n";
}

std::string wait_text(const json& wait) {
  auto text = "    waits for " + cell(wait, "what");
  if (auto on = cell(wait, "on"); !on.empty())
    text += " on " + on;
  if (auto since = cell(wait, "since"); !since.empty())
    text += " since " + since;
  if (auto until = cell(wait, "until"); !until.empty())
    text += " until " + until;
  if (auto next = cell(wait, "next"); !next.empty())
    text += "\n      " + next;
  return text + "\n";
}

std::string task_text(const json& task) {
  auto text = "  task " + cell(task, "id") + "  " + cell(task, "type");
  if (auto from = cell(task, "from"); !from.empty())
    text += " from " + from;
  text += ", begun " + cell(task, "begun") + ", " + cell(task, "turns") + " turns, " + cell(task, "effects") +
          " effects\n";
  for (const auto& wait : array_at(task, "waits"))
    text += wait_text(wait);
  return text;
}

} // namespace

std::string agent_text(const json& agent) {
  auto text = line("agent", cell(agent, "id")) + line("state", cell(agent, "state")) +
              line("reason", cell(agent, "reason")) + line("mail", cell(agent, "mailbox_depth")) +
              line("turns", cell(agent, "turns")) + line("restarts", cell(agent, "restarts")) +
              line("birth", cell(agent, "birth")) + line("epoch", cell(agent, "epoch")) +
              line("next due", cell(agent, "next_due"));
  for (const auto& task : array_at(agent, "tasks"))
    text += task_text(task);
  return text + why_text(agent);
}

std::string why_text(const json& agent) {
  std::string text;
  for (const auto& sentence : array_at(agent, "why"))
    if (sentence.is_string())
      text += harmless(sentence.get<std::string>()) + "\n";
  return text;
}

std::string state_text(const json& agent) {
  std::string text;
  for (const auto& document : array_at(agent, "state_documents")) {
    const auto body = document.value("body", json());
    text += cell(document, "key") + " (schema " + cell(document, "schema") + ")\n" +
            body.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
  }
  return text;
}

std::string mailbox_text(const std::vector<json>& mail) {
  table lines({"SENT", "KIND", "TYPE", "FROM", "BYTES", "ID"});
  for (const auto& item : mail)
    lines.row({cell(item, "sent"), cell(item, "kind"), cell(item, "type"), cell(item, "from"),
               cell(item, "bytes"), cell(item, "id")});
  return lines.text();
}

std::string event_line(const json& event) {
  auto text = cell(event, "at") + "  " + cell(event, "kind");
  if (auto detail = cell(event, "detail"); !detail.empty())
    text += "  " + detail;
  if (auto trace = cell(event, "trace"); !trace.empty())
    text += "  trace=" + trace;
  return text + "\n";
}

std::string history_text(const std::vector<json>& events) {
  std::string text;
  for (const auto& event : events)
    text += event_line(event);
  return text;
}

} // namespace troupe::cli
