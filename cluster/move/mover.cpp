#include "cluster/move/mover.hpp"

namespace troupe::cluster {

using step_kind = move_step::what;

void mover::begin(const agent_id& id, const std::string& from_name, node_epoch to, const std::string& to_name,
                  answer<move_report> done, instant now) {
  for (const auto& [number, m] : moves_)
    if (m.id == id)
      return done(fail(fault::conflict, id.text() + " is on its way already"));
  auto number = next_++;
  auto& m = moves_[number];
  m.id = id;
  m.to = to;
  m.until = now + options_.patience;
  m.phase_began = options_.stopwatch();
  m.report.agent = id.text();
  m.report.from = from_name;
  m.report.to = to_name;
  m.done = std::move(done);
  actions_.push_back(send_step{to, {step_kind::prepare, number, id, 0, {}}});
}

void mover::enter(move& m, phase next, const char* ended, instant now) {
  auto time = options_.stopwatch();
  m.report.phases.push_back({ended, time - m.phase_began});
  m.phase_began = time;
  m.at = next;
  m.until = now + options_.patience;
}

void mover::received(node_epoch from, const move_step& s, const std::string& refusal, instant now) {
  if (s.kind == step_kind::prepare) {
    auto answer = refusal.empty() ? step_kind::ready : step_kind::refused;
    return actions_.push_back(send_step{from, {answer, s.move, s.id, 0, refusal}});
  }
  if (s.kind == step_kind::take) {
    if (taking_.emplace(from, s.move).second)
      actions_.push_back(take_agent{from, s.move, s.id, s.epoch});
    return;
  }
  auto at = moves_.find(s.move);
  if (at == moves_.end() || at->second.to != from || !(at->second.id == s.id))
    return; // over already: called off, or answered twice
  auto& m = at->second;
  if (s.kind == step_kind::refused && m.at == phase::preparing)
    return call_off(at, m.report.to + " would not take it: " + s.why);
  if (s.kind == step_kind::ready && m.at == phase::preparing) {
    enter(m, phase::freezing, "prepare", now);
    m.freeze_began = m.phase_began;
    return actions_.push_back(freeze_agent{s.move, m.id});
  }
  bool asked = m.at == phase::switching || m.at == phase::unknown;
  if (s.kind == step_kind::taken && asked)
    return succeed(at, s.epoch);
  if (s.kind == step_kind::failed && asked)
    return lost_touch(at, m.report.to + " could not take it: " + s.why, now);
}

void mover::frozen(std::uint64_t number, const result<std::uint64_t>& epoch, instant now) {
  auto at = moves_.find(number);
  if (at == moves_.end())
    return;
  auto& m = at->second;
  if (m.at != phase::freezing) // it took too long and was called off
    return;
  if (epoch) {
    m.still = true;
    m.epoch = *epoch;
    return ask_to_take(number, m, now);
  }
  if (epoch.error().what != fault::not_found)
    return call_off(at, epoch.error().message);
  enter(m, phase::reading, "freeze", now); // passive: its row says at which epoch
  actions_.push_back(find_owner{number, m.id});
}

void mover::ask_to_take(std::uint64_t number, move& m, instant now) {
  enter(m, phase::switching, "freeze", now);
  actions_.push_back(send_step{m.to, {step_kind::take, number, m.id, m.epoch, {}}});
}

void mover::took(node_epoch from, std::uint64_t number, const agent_id& id,
                 const result<std::uint64_t>& epoch) {
  taking_.erase({from, number});
  if (epoch)
    actions_.push_back(send_step{from, {step_kind::taken, number, id, *epoch, {}}});
  else
    actions_.push_back(send_step{from, {step_kind::failed, number, id, 0, epoch.error().message}});
}

void mover::owner_found(std::uint64_t number, const result<std::pair<node_epoch, std::uint64_t>>& row,
                        instant now) {
  auto at = moves_.find(number);
  if (at == moves_.end())
    return;
  auto& m = at->second;
  if (m.at == phase::unknown) {
    if (!row) // it stands still until somebody knows
      return void(m.until = now + options_.patience / 10);
    return row->first == m.to ? succeed(at, row->second)
                              : call_off(at, m.report.to + " did not take it in time");
  }
  if (m.at != phase::reading)
    return;
  if (!row)
    return call_off(at, row.error().message);
  if (row->first != self_)
    return call_off(at, "another node owns it by now");
  m.epoch = row->second;
  ask_to_take(number, m, now);
}

void mover::succeed(moves::iterator at, std::uint64_t epoch) {
  auto m = std::move(at->second);
  moves_.erase(at);
  auto time = options_.stopwatch();
  m.report.phases.push_back({"switch", time - m.phase_began});
  m.report.paused_ms = m.still ? time - m.freeze_began : 0;
  m.report.epoch = epoch;
  actions_.push_back(let_go_agent{m.id, m.to});
  m.done(std::move(m.report));
}

/// The target has not made it its own, or a claim it makes later is fenced off by the first turn here.
void mover::call_off(moves::iterator at, const std::string& why) {
  auto m = std::move(at->second);
  moves_.erase(at);
  if (m.at != phase::preparing)
    actions_.push_back(thaw_agent{m.id});
  m.done(fail(fault::unavailable, m.id.text() + " stays on " + m.report.from + ": " + why));
}

/// Whether the target made it its own is for the row to say.
void mover::lost_touch(moves::iterator at, const std::string& why, instant now) {
  auto& m = at->second;
  if (m.at != phase::switching && m.at != phase::unknown)
    return call_off(at, why);
  m.at = phase::unknown;
  m.until = now + options_.patience;
  actions_.push_back(find_owner{at->first, m.id});
}

void mover::node_gone(node_epoch node, instant now) {
  std::vector<std::uint64_t> touched;
  for (const auto& [number, m] : moves_)
    if (m.to == node)
      touched.push_back(number);
  for (auto number : touched)
    if (auto at = moves_.find(number); at != moves_.end())
      lost_touch(at, at->second.report.to + " is gone", now);
  std::erase_if(taking_, [node](const auto& t) { return t.first == node; });
}

void mover::tick(instant now) {
  std::vector<std::uint64_t> late;
  for (const auto& [number, m] : moves_)
    if (m.until <= now)
      late.push_back(number);
  for (auto number : late)
    if (auto at = moves_.find(number); at != moves_.end())
      lost_touch(at, "no answer in time", now);
}

} // namespace troupe::cluster
