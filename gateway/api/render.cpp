#include "gateway/api/render.hpp"

#include "gateway/http/json_text.hpp"
#include "runtime/message/envelope.hpp"

#include <array>
#include <nlohmann/json.hpp>

namespace troupe::gateway {

namespace {

constexpr std::array<const char*, 7> kind_names{"message", "call",   "timer", "reply",
                                                "cancel",  "signal", "stop"};

// What lies in the journal may be larger than what we take from strangers, but writing it out walks it
// recursively.
const http_limits stored_text = [] {
  http_limits wide;
  wide.json_depth = 256;
  wide.json_values = 4'000'000;
  return wide;
}();

json id_json(const agent_id& id) { return id.empty() ? json(nullptr) : json(id.text()); }

json to_json(const wait_view& wait) {
  return {{"what", wait.what},
          {"on", wait.on},
          {"task", wait.task},
          {"effect", wait.effect},
          {"since", time_json(wait.since)},
          {"until", time_json(wait.until)},
          {"next", wait.next}};
}

json to_json(const task_view& task) {
  auto waits = json::array();
  for (const auto& wait : task.waits)
    waits.push_back(to_json(wait));
  return {{"id", task.id},
          {"type", task.type},
          {"from", task.from},
          {"trace", task.trace},
          {"begun", time_json(task.begun)},
          {"turns", task.turns},
          {"effects", task.effects},
          {"waits", std::move(waits)}};
}

json to_json(const kind_view& kind) {
  return {
      {"name", kind.name}, {"discipline", kind.discipline}, {"version", kind.version}, {"types", kind.types}};
}

json to_json(const journal::ledger& totals) {
  return {{"sent", totals.sent},       {"applied", totals.applied}, {"skipped", totals.skipped},
          {"pending", totals.pending}, {"commits", totals.commits}, {"dead_lettered", totals.dead_lettered}};
}

/// Null when the envelope itself is what could not be read.
json message_json(const std::string& encoded, bool whole) {
  auto message = decode_envelope(encoded);
  if (!message)
    return nullptr;
  json out{{"id", message->id},
           {"kind", kind_names.at(static_cast<std::size_t>(message->kind))},
           {"type", message->type},
           {"sent", time_json(message->sent)},
           {"trace", message->trace}};
  if (whole)
    out["body"] = text_json(message->body);
  return out;
}

} // namespace

json time_json(instant t) { return t == never ? json(nullptr) : json(to_rfc3339(t)); }

json text_json(const std::string& text) {
  if (text.empty())
    return nullptr;
  auto value = parse_json(text, stored_text);
  return value ? std::move(*value) : json(text);
}

json to_json(const agent_view& agent) {
  auto tasks = json::array();
  for (const auto& task : agent.tasks)
    tasks.push_back(to_json(task));
  auto documents = json::array();
  for (const auto& document : agent.state_documents)
    documents.push_back(
        {{"key", document.key}, {"schema", document.schema}, {"body", text_json(document.body)}});
  return {{"id", agent.id.text()},
          {"tenant", agent.id.tenant()},
          {"kind", agent.id.kind()},
          {"key", agent.id.key()},
          {"state", to_string(agent.state)},
          {"reason", agent.reason},
          {"node", agent.node.empty() ? json(nullptr) : json(agent.node)},
          {"birth", agent.birth},
          {"epoch", agent.epoch},
          {"mailbox_depth", agent.mailbox_depth},
          {"turns", agent.turns},
          {"restarts", agent.restarts},
          {"next_due", time_json(agent.next_due)},
          {"tasks", std::move(tasks)},
          {"state_documents", std::move(documents)},
          {"why", agent.why}};
}

json to_json(const mail_view& mail) {
  return {{"id", mail.id},      {"from", mail.from},     {"type", mail.type},
          {"kind", mail.kind},  {"number", mail.number}, {"sent", time_json(mail.sent)},
          {"bytes", mail.bytes}};
}

json to_json(const journal::stored_event& event) {
  return {{"number", event.number},
          {"kind", event.event.kind},
          {"detail", text_json(event.event.detail)},
          {"trace", event.event.trace},
          {"at", time_json(event.event.at)}};
}

json to_json(const node_view& node) {
  auto kinds = json::array();
  for (const auto& kind : node.kinds)
    kinds.push_back(to_json(kind));
  return {{"id", node.id},
          {"state", node.state},
          {"reason", node.reason},
          {"epoch", node.epoch},
          {"started", time_json(node.started)},
          {"active_agents", node.active_agents},
          {"turns", node.turns},
          {"commits", node.commits},
          {"effects_repeated", node.effects_repeated},
          {"ephemeral_dropped", node.ephemeral_dropped},
          {"crashes", node.crashes},
          {"messages", to_json(node.totals)},
          {"kinds", std::move(kinds)}};
}

json to_json(const move_report& move) {
  auto phases = json::array();
  for (const auto& phase : move.phases)
    phases.push_back({{"name", phase.name}, {"ms", phase.ms}});
  return {{"agent", move.agent},         {"from", move.from},           {"to", move.to},
          {"phases", std::move(phases)}, {"paused_ms", move.paused_ms}, {"epoch", move.epoch}};
}

json to_json(const node_order_report& report) {
  auto left = json::array();
  for (const auto& [agent, reason] : report.left)
    left.push_back({{"agent", agent}, {"reason", reason}});
  return {{"node", report.node}, {"state", report.state}, {"moved", report.moved}, {"left", std::move(left)}};
}

json to_json(const journal::stored_dead_letter& stored, bool whole) {
  const auto& letter = stored.letter;
  return {{"id", letter.id},
          {"reason", letter.reason},
          {"note", letter.note},
          {"to", id_json(letter.to)},
          {"from", id_json(letter.from)},
          {"at", time_json(letter.at)},
          {"replayed", stored.replayed},
          {"message", message_json(letter.envelope, whole)}};
}

http_response ok(const json& body) {
  http_response response;
  response.body = json_text(body);
  return response;
}

http_response accepted(const json& body) {
  auto response = ok(body);
  response.status = 202;
  return response;
}

} // namespace troupe::gateway
