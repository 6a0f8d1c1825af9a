#include "storage/sqlite/turn.hpp"

#include "storage/sqlite/write_context.hpp"
#include "storage/turn_account.hpp"

namespace troupe::storage {

turn_operation::turn_operation(journal::turn_commit turn, std::function<void(journal::receipt)> done)
    : turn_(std::move(turn))
    , done_(std::move(done))
    , weight_(payload_bytes(turn_)) {}

void turn_operation::apply(write_context& on) {
  receipt_.why = refusal(on);
  if (!receipt_.why.empty()) {
    receipt_.status = journal::commit_status::fenced;
    return;
  }
  write(on);
}

std::string turn_operation::refusal(write_context& on) {
  agent_table::entry* agent = on.agents.find(turn_.birth);
  if (!agent)
    return "the agent was purged";
  if (agent->epoch != turn_.epoch && !on.unsafe.no_fence)
    return "activation " + std::to_string(turn_.epoch) + " was superseded by " + std::to_string(agent->epoch);
  std::string refused = unaccounted(turn_);
  if (refused.empty() && !on.unsafe.no_dedupe)
    refused = mark_refusal(on);
  // Later turns of this activation stand on what was just refused: they may not pass either.
  if (!refused.empty() && agent->epoch == turn_.epoch) {
    agent_table::entry& passed = on.agents.change(turn_.birth);
    ++passed.epoch;
    passed.dirty = true;
  }
  return refused;
}

std::string turn_operation::mark_refusal(write_context& on) {
  for (const journal::mark_advance& m : turn_.marks) {
    const stream_state now = on.streams.state({m.sender_birth, turn_.id.addr(), m.on}, turn_.birth);
    if (now.mark != m.from)
      return "the mark of sender " + std::to_string(m.sender_birth) + " stands at " +
             std::to_string(now.mark) + ", not at " + std::to_string(m.from);
    if (m.to > now.last)
      return "sender " + std::to_string(m.sender_birth) + " has sent up to " + std::to_string(now.last) +
             ", not " + std::to_string(m.to);
  }
  return {};
}

void turn_operation::write(write_context& on) {
  write_rows(on);
  write_messages(on);
  if (!turn_.events.empty() || turn_.next_due || turn_.status)
    write_agent(on);
  on.count.applied += turn_.applied;
  on.count.skipped += turn_.skipped;
  on.count.dead_lettered += messages_taken(turn_) - turn_.applied - turn_.skipped;
}

void turn_operation::write_agent(write_context& on) {
  agent_table::entry& agent = on.agents.change(turn_.birth);
  for (const auto& event : turn_.events)
    on.events.append(turn_.birth, agent, event);
  if (turn_.next_due)
    agent.next_due = turn_.next_due;
  if (turn_.status) {
    agent.status = turn_.status;
    agent.reason = turn_.reason;
  }
}

void turn_operation::write_rows(write_context& on) {
  for (const auto& erase : turn_.erases)
    on.rows.erase(turn_.birth, erase);
  for (const auto& row : turn_.puts)
    on.rows.put(turn_.birth, row);
  for (const auto& item : turn_.listing_erases)
    on.listings.erase(turn_.birth, item);
  for (const auto& line : turn_.listings)
    on.listings.put(turn_.birth, line);
  for (const auto& id : turn_.effect_clears)
    on.effects.clear(id);
  for (const auto& effect : turn_.effects)
    on.effects.put(turn_.birth, effect);
}

void turn_operation::write_messages(write_context& on) {
  for (const auto& m : turn_.marks)
    on.streams.advance({m.sender_birth, turn_.id.addr(), m.on}, turn_.birth, m.to);
  for (const auto& row : turn_.outbox)
    receipt_.numbers.push_back(on.streams.append(turn_.birth, row));
  on.count.sent += turn_.outbox.size();
  for (const auto& letter : turn_.dead_letters)
    on.letters.insert(letter);
}

void turn_operation::answer() { done_(std::move(receipt_)); }

void turn_operation::abandon(const error& why) {
  journal::receipt failed;
  failed.status = journal::commit_status::failed;
  failed.why = why.message;
  done_(std::move(failed));
}

} // namespace troupe::storage
