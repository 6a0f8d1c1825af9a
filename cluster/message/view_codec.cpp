// What operators are shown, on its way from the node that has it to the one that was asked.
#include "cluster/message/view_codec.hpp"

#include "cluster/wire/message.pb.h"

namespace troupe::cluster::wire {
namespace {

constexpr std::uint32_t agent_states = static_cast<std::uint32_t>(agent_state::stopped) + 1;

void write(const task_view& from, TaskView& to) {
  to.set_id(from.id);
  to.set_type(from.type);
  to.set_from(from.from);
  to.set_trace(from.trace);
  to.set_begun(to_ms(from.begun));
  to.set_turns(from.turns);
  to.set_effects(from.effects);
  for (const auto& w : from.waits) {
    auto* wait = to.add_waits();
    wait->set_what(w.what);
    wait->set_on(w.on);
    wait->set_task(w.task);
    wait->set_effect(w.effect);
    wait->set_since(to_ms(w.since));
    if (w.until != never)
      wait->set_until(to_ms(w.until));
    wait->set_next(w.next);
  }
}

task_view read(const TaskView& from) {
  task_view to;
  to.id = from.id();
  to.type = from.type();
  to.from = from.from();
  to.trace = from.trace();
  to.begun = from_ms(from.begun());
  to.turns = from.turns();
  to.effects = from.effects();
  for (const auto& w : from.waits()) {
    wait_view wait;
    wait.what = w.what();
    wait.on = w.on();
    wait.task = w.task();
    wait.effect = w.effect();
    wait.since = from_ms(w.since());
    wait.until = w.has_until() ? from_ms(w.until()) : never;
    wait.next = w.next();
    to.waits.push_back(std::move(wait));
  }
  return to;
}

} // namespace

void write(const agent_view& from, AgentView& to) {
  to.set_agent(from.id.text());
  to.set_state(static_cast<std::uint32_t>(from.state));
  to.set_reason(from.reason);
  to.set_birth(from.birth);
  to.set_epoch(from.epoch);
  to.set_depth(from.mailbox_depth);
  to.set_turns(from.turns);
  to.set_restarts(from.restarts);
  to.set_node(from.node);
  to.set_owner(from.owner);
  if (from.next_due != never)
    to.set_next_due(to_ms(from.next_due));
  for (const auto& task : from.tasks)
    write(task, *to.add_tasks());
  for (const auto& d : from.state_documents) {
    auto* document = to.add_documents();
    document->set_key(d.key);
    document->set_schema(d.schema);
    document->set_body(d.body);
  }
  for (const auto& sentence : from.why)
    to.add_why(sentence);
}

result<agent_view> read(const AgentView& from) {
  auto id = agent_id::parse(from.agent());
  auto state = read_enum<agent_state>(from.state(), agent_states);
  if (!id)
    return tl::unexpected(id.error());
  if (!state)
    return tl::unexpected(state.error());
  agent_view to;
  to.id = std::move(*id);
  to.state = *state;
  to.reason = from.reason();
  to.birth = from.birth();
  to.epoch = from.epoch();
  to.mailbox_depth = from.depth();
  to.turns = from.turns();
  to.restarts = from.restarts();
  to.node = from.node();
  to.owner = from.owner();
  to.next_due = from.has_next_due() ? from_ms(from.next_due()) : never;
  for (const auto& task : from.tasks())
    to.tasks.push_back(read(task));
  for (const auto& d : from.documents())
    to.state_documents.push_back({d.key(), d.schema(), d.body()});
  to.why.assign(from.why().begin(), from.why().end());
  return to;
}

void write(const std::vector<live_view>& from, Seen& to) {
  for (const auto& v : from) {
    auto* line = to.add_lines();
    line->set_agent(v.id.text());
    line->set_state(static_cast<std::uint32_t>(v.state));
    line->set_depth(v.mailbox_depth);
    line->set_turns(v.turns);
  }
}

result<std::vector<live_view>> read(const Seen& from) {
  std::vector<live_view> to;
  for (const auto& line : from.lines()) {
    auto id = agent_id::parse(line.agent());
    auto state = read_enum<agent_state>(line.state(), agent_states);
    if (!id)
      return tl::unexpected(id.error());
    if (!state)
      return tl::unexpected(state.error());
    to.push_back({std::move(*id), *state, line.depth(), line.turns()});
  }
  return to;
}

void write(const move_report& from, Report& to) {
  to.set_agent(from.agent);
  to.set_from(from.from);
  to.set_to(from.to);
  to.set_paused_ms(from.paused_ms);
  to.set_epoch(from.epoch);
  for (const auto& p : from.phases) {
    auto* phase = to.add_phases();
    phase->set_name(p.name);
    phase->set_ms(p.ms);
  }
}

move_report read(const Report& from) {
  move_report to;
  to.agent = from.agent();
  to.from = from.from();
  to.to = from.to();
  to.paused_ms = from.paused_ms();
  to.epoch = from.epoch();
  for (const auto& p : from.phases())
    to.phases.push_back({p.name(), p.ms()});
  return to;
}

void write(const node_order_report& from, Drained& to) {
  to.set_node(from.node);
  to.set_state(from.state);
  to.set_moved(from.moved);
  for (const auto& [agent, reason] : from.left) {
    auto* left = to.add_left();
    left->set_agent(agent);
    left->set_reason(reason);
  }
}

node_order_report read(const Drained& from) {
  node_order_report to;
  to.node = from.node();
  to.state = from.state();
  to.moved = from.moved();
  for (const auto& left : from.left())
    to.left.emplace_back(left.agent(), left.reason());
  return to;
}

} // namespace troupe::cluster::wire
