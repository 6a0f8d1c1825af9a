#include "tests/support/memory_tables.hpp"

#include "runtime/base/ulid.hpp"
#include "runtime/message/dead_letter_reason.hpp"

#include <algorithm>

namespace troupe::testing {

using namespace journal;

namespace {

std::uint64_t taken_by(const turn_commit& turn) {
  std::uint64_t sum = 0;
  for (const mark_advance& m : turn.marks)
    sum += m.to - m.from;
  return sum;
}

} // namespace

const memory_tables::agent* memory_tables::find(const agent_id& id) const {
  const auto at = names_.find(name_of(id));
  return at == names_.end() ? nullptr : &agents_.at(at->second);
}

receipt memory_tables::commit(const turn_commit& turn) {
  receipt answer;
  const auto at = agents_.find(turn.birth);
  answer.why = at == agents_.end() ? "the agent was purged" : refusal(turn, at->second);
  if (!answer.why.empty()) {
    answer.status = commit_status::fenced;
    // Later turns of this activation stand on this one.
    if (at != agents_.end() && at->second.epoch == turn.epoch)
      ++at->second.epoch;
    return answer;
  }
  agent& into = at->second;
  write_rows(turn, into);
  for (const mark_advance& m : turn.marks) {
    into.marks[{m.on, m.sender_birth}] = m.to;
    consume({into.id.addr(), m.on, m.sender_birth}, m.to);
  }
  for (const outgoing& row : turn.outbox)
    answer.numbers.push_back(append(turn.birth, row));
  for (const dead_letter& letter : turn.dead_letters)
    letters_.try_emplace(letter.id, stored_dead_letter{letter, false});
  for (const agent_event& event : turn.events)
    into.events.push_back({++events_, event});
  into.next_due = turn.next_due.value_or(into.next_due);
  if (turn.status) {
    into.status = *turn.status;
    into.reason = turn.reason;
  }
  ledger_.applied += turn.applied;
  ledger_.skipped += turn.skipped;
  ledger_.dead_lettered += taken_by(turn) - turn.applied - turn.skipped;
  return answer;
}

std::string memory_tables::refusal(const turn_commit& turn, const agent& of) const {
  if (of.epoch != turn.epoch && !unsafe.no_fence)
    return "activation " + std::to_string(turn.epoch) + " was superseded by " + std::to_string(of.epoch);
  const std::uint64_t used = std::uint64_t{turn.applied} + turn.skipped;
  const std::uint64_t taken = taken_by(turn);
  if (used > taken || taken > used + turn.dead_letters.size())
    return "the turn does not account for what it takes";
  return unsafe.no_dedupe ? std::string() : mark_refusal(turn, of);
}

std::string memory_tables::mark_refusal(const turn_commit& turn, const agent& of) const {
  for (const mark_advance& m : turn.marks) {
    const auto mark = of.marks.find({m.on, m.sender_birth});
    if ((mark == of.marks.end() ? 0 : mark->second) != m.from || m.to <= m.from)
      return "a mark had moved";
    if (m.to > last_number({of.id.addr(), m.on, m.sender_birth}, of.id))
      return "a mark passes what was sent";
  }
  return {};
}

void memory_tables::write_rows(const turn_commit& turn, agent& into) {
  for (const row_erase& e : turn.erases)
    std::erase_if(into.rows, [&](const auto& row) {
      const auto& [cls, key] = row.first;
      return cls == e.cls && (e.prefix ? key.starts_with(e.key) : key == e.key);
    });
  for (const agent_row& row : turn.puts)
    into.rows[{row.cls, row.key}] = row;
  for (const std::string& item : turn.listing_erases)
    into.listings.erase(item);
  for (const listing& line : turn.listings) {
    auto& stored = into.listings[line.item];
    auto kept = line.attributes_changed ? line.attributes : std::move(stored.attributes);
    stored = line;
    stored.attributes = std::move(kept);
  }
  for (const std::string& id : turn.effect_clears)
    effects_.erase(id);
  for (const effect_put& put : turn.effects)
    effects_.try_emplace(put.id, effect{turn.birth, effect_row{put, node_epoch, 1, std::nullopt}});
}

std::uint64_t memory_tables::last_number(const stream_key& stream, const agent_id& to) const {
  std::uint64_t last = 0;
  if (const agent* receiver = find(to)) {
    const auto mark = receiver->marks.find({std::get<1>(stream), std::get<2>(stream)});
    last = mark == receiver->marks.end() ? 0 : mark->second;
  }
  const auto rows = outbox_.find(stream);
  return rows == outbox_.end() ? last : std::max(last, rows->second.rows.rbegin()->first);
}

std::uint64_t memory_tables::append(std::uint64_t sender, const outgoing& row) {
  const stream_key stream{row.to.addr(), row.on, sender};
  const std::uint64_t number = last_number(stream, row.to) + 1;
  queue& q = outbox_[stream];
  q.to = row.to;
  q.rows[number] = row.envelope;
  ++ledger_.sent;
  return number;
}

void memory_tables::consume(const stream_key& stream, std::uint64_t to) {
  if (unsafe.no_dedupe) {
    consumed_[stream] = to;
    return;
  }
  const auto at = outbox_.find(stream);
  ensure(at != outbox_.end(), "a mark moves over rows that are there");
  at->second.rows.erase(at->second.rows.begin(), at->second.rows.upper_bound(to));
  if (at->second.rows.empty())
    outbox_.erase(at);
}

void memory_tables::delete_consumed() {
  for (const auto& [stream, to] : consumed_)
    if (const auto at = outbox_.find(stream); at != outbox_.end()) {
      at->second.rows.erase(at->second.rows.begin(), at->second.rows.upper_bound(to));
      if (at->second.rows.empty())
        outbox_.erase(at);
    }
  consumed_.clear();
}

loaded_agent memory_tables::load(std::uint64_t birth, const agent& from) const {
  loaded_agent found;
  found.id = from.id;
  found.birth = birth;
  found.epoch = from.epoch;
  found.status = from.status;
  found.reason = from.reason;
  found.next_due = from.next_due;
  found.births = births_;
  found.owner = from.owner;
  for (const auto& [key, row] : from.rows)
    if (row.cls != row_class::ingress)
      found.rows.push_back(row);
  for (const auto& [id, e] : effects_)
    if (e.birth == birth)
      found.effects.push_back(e.row);
  return found;
}

result<loaded_agent> memory_tables::claim(const agent_id& id, bool create) {
  const bool newborn = create && !find(id);
  if (newborn) {
    names_[name_of(id)] = ++births_;
    agents_[births_].id = id;
  }
  const auto at = names_.find(name_of(id));
  if (at == names_.end())
    return fail(fault::not_found, "there is no agent " + id.text());
  agent& claimed = agents_.at(at->second);
  if (in_other_hands(claimed)) {
    loaded_agent held;
    held.id = id;
    held.held_by = claimed.owner;
    return held;
  }
  claimed.owner = node_epoch;
  ++claimed.epoch;
  loaded_agent found = load(at->second, claimed);
  found.newborn = newborn;
  return found;
}

result<loaded_agent> memory_tables::take_over(const agent_id& id, std::uint64_t owner, std::uint64_t epoch) {
  const auto at = names_.find(name_of(id));
  if (at == names_.end())
    return fail(fault::not_found, "there is no agent " + id.text());
  agent& taken = agents_.at(at->second);
  if (taken.owner != owner || taken.epoch != epoch)
    return fail(fault::fenced, id.text() + " has another owner or activation by now");
  taken.owner = node_epoch;
  ++taken.epoch;
  return load(at->second, taken);
}

bool memory_tables::lives(std::uint64_t node) const {
  const auto at = members_.find(node);
  return at != members_.end() && journal::lives(at->second.state);
}

member_list memory_tables::members() const {
  member_list all{now, {}};
  for (const auto& [epoch, row] : members_)
    all.rows.push_back(row);
  return all;
}

result<std::uint64_t> memory_tables::put_member(member_row row, milliseconds lease, bool if_expired) {
  const auto at = members_.find(row.epoch);
  if ((at == members_.end() ? 0 : at->second.version) != row.version)
    return fail(fault::conflict, "the member's row has changed");
  if (if_expired && at->second.lease_until >= now)
    return fail(fault::conflict, "the member's lease still runs");
  row.lease_until = at == members_.end() ? now + lease : at->second.lease_until;
  ++row.version;
  members_[row.epoch] = row;
  return row.version;
}

result<lease_grant> memory_tables::renew(std::uint64_t epoch, milliseconds lease) {
  if (!lives(epoch))
    return fail(fault::fenced, "node epoch " + std::to_string(epoch) + " is no living member");
  members_[epoch].lease_until = now + lease;
  return lease_grant{now, now + lease};
}

std::size_t memory_tables::forget_members(instant before) {
  return std::erase_if(members_, [&](const auto& m) {
    return !journal::lives(m.second.state) && m.second.lease_until < before;
  });
}

result<loaded_agent> memory_tables::describe(const agent_id& id) const {
  const agent* found = find(id);
  if (!found)
    return fail(fault::not_found, "there is no agent " + id.text());
  return load(names_.at(name_of(id)), *found);
}

result<bool> memory_tables::record_result(const std::string& id, std::uint64_t executor,
                                          const std::string& outcome) {
  const auto at = effects_.find(id);
  if (at == effects_.end() || at->second.row.executor != executor)
    return fail(fault::fenced, "effect " + id + " belongs to another executor or is no longer wanted");
  if (at->second.row.result)
    return false;
  at->second.row.result = outcome;
  return true;
}

result<effect_row> memory_tables::adopt_effect(const std::string& id) {
  const auto at = effects_.find(id);
  if (at == effects_.end())
    return fail(fault::not_found, "there is no effect " + id);
  effect_row& row = at->second.row;
  if (row.result)
    return row;
  if (row.executor == node_epoch)
    return fail(fault::conflict, "this node executes effect " + id + " already");
  row.executor = node_epoch;
  ++row.attempt;
  return row;
}

std::string memory_tables::still_open(std::uint64_t birth, const agent& of, instant now) const {
  const auto open = [&](const auto& entry) {
    const agent_row& row = entry.second;
    return row.cls == row_class::task || row.cls == row_class::timer || row.cls == row_class::signal ||
           (row.cls == row_class::call_key && row.expires > now);
  };
  if (std::any_of(of.rows.begin(), of.rows.end(), open))
    return "an open row";
  if (std::any_of(outbox_.begin(), outbox_.end(),
                  [&](const auto& q) { return std::get<2>(q.first) == birth; }))
    return "messages its receivers have not applied";
  if (std::any_of(effects_.begin(), effects_.end(), [&](const auto& e) { return e.second.birth == birth; }))
    return "an outside effect";
  return {};
}

result<bool> memory_tables::purge(const agent_id& id, instant now) {
  const agent* found = find(id);
  if (!found)
    return fail(fault::not_found, "there is no agent " + id.text());
  const std::uint64_t birth = names_.at(name_of(id));
  if (const std::string open = still_open(birth, *found, now); !open.empty())
    return fail(fault::conflict, id.text() + " cannot be purged: it has " + open);
  end_unread(id, lane::mail, now);
  agents_.erase(birth);
  names_.erase(name_of(id));
  return true;
}

result<bool> memory_tables::retire(const agent_id& id, std::uint64_t epoch, instant now) {
  const agent* found = find(id);
  const auto first = outbox_.lower_bound({id.addr(), lane::mail, 0});
  const bool mail_waits = first != outbox_.end() && std::get<0>(first->first) == id.addr();
  if (found && (found->epoch != epoch || mail_waits))
    return fail(fault::conflict, id.text() + " is wanted again");
  return purge(id, now);
}

result<std::uint32_t> memory_tables::skip_control_of_absent(const agent_id& id) {
  if (find(id))
    return fail(fault::conflict, id.text() + " exists: it applies its control messages itself");
  return end_unread(id, lane::control, instant{});
}

std::uint32_t memory_tables::end_unread(const agent_id& to, lane first, instant now) {
  std::uint32_t ended = 0;
  auto at = outbox_.lower_bound({to.addr(), first, 0});
  while (at != outbox_.end() && std::get<0>(at->first) == to.addr()) {
    const auto& [dst, on, sender] = at->first;
    for (const auto& [number, envelope] : at->second.rows) {
      ++ended;
      if (on == lane::control) {
        ++ledger_.skipped;
        continue;
      }
      ++ledger_.dead_lettered;
      const std::string of =
          "purged/" + to.text() + "/" + std::to_string(sender) + "/" + std::to_string(number);
      dead_letter letter{stable_ulid(now, of),
                         std::string(dead_letter_reason::purged),
                         to.text() + " was purged before it read this",
                         envelope,
                         to,
                         agents_.at(sender).id,
                         now};
      letters_.try_emplace(letter.id, stored_dead_letter{letter, false});
    }
    at = outbox_.erase(at);
  }
  return ended;
}

std::size_t memory_tables::sweep(instant rows_before, instant events_before, instant letters_before,
                                 std::size_t limit) {
  std::size_t gone = 0;
  for (auto& [birth, a] : agents_) {
    gone += std::erase_if(a.rows, [&](const auto& row) {
      const bool swept = row.second.cls == row_class::call_key || row.second.cls == row_class::ingress;
      return swept && row.second.expires < rows_before;
    });
    gone += std::erase_if(a.events, [&](const stored_event& e) { return e.event.at < events_before; });
    gone += std::erase_if(a.marks, [&](const auto& mark) { return !agents_.contains(mark.first.second); });
  }
  (void)limit; // maps are small; a real store bounds the time of one sweep
  return gone + std::erase_if(letters_, [&](const auto& l) { return l.second.letter.at < letters_before; });
}

result<bool> memory_tables::mark_replayed(const std::string& id) {
  const auto at = letters_.find(id);
  if (at == letters_.end())
    return fail(fault::not_found, "there is no dead letter " + id);
  at->second.replayed = true;
  return true;
}

} // namespace troupe::testing
