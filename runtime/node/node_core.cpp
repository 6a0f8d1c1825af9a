#include "runtime/node/node_core.hpp"

namespace troupe {
namespace {

constexpr std::uint32_t hops_max = 2; // then a sweep of whoever owns the agent finds what waits for it

} // namespace

node_core::node_core(const options& how, random_source& random)
    : options_(how)
    , tree_(how.supervision, random)
    , suspects_(how.suspects) {
  auto declared = supervision::declare(how.declared, tree_);
  ensure(declared.has_value(), "a plan of supervision was checked when it was read");
}

void node_core::boot(instant now) {
  carry_out(tree_.boot(now), now);
  admit_suspect(now);
}

void node_core::admit_suspect(instant now) {
  auto next = draining_ ? std::nullopt : suspects_.next(now);
  if (next && !entries_.contains(next->addr()))
    queue_claim(*next, false);
  claim_next();
  if (!suspects_.done())
    plan_tick(std::max(suspects_.next_due(), now));
}

void node_core::turn_ended(const agent_id& id, instant now) {
  suspects_.turn_ended(id);
  admit_suspect(now);
}

void node_core::wanted(const agent_id& id, bool create, instant now) {
  if (entries_.contains(id.addr()) || !belongs_elsewhere(id, create))
    wanted_here(id, create, 0, now);
}

bool node_core::belongs_elsewhere(const agent_id& id, bool create) {
  if (!options_.others)
    return false;
  auto home = options_.others->home_of(id);
  if (home != peers::here && home != peers::nowhere)
    actions_.push_back(tell_node{home, id, create, 0});
  return home != peers::here;
}

void node_core::wanted_here(const agent_id& id, bool create, std::uint32_t hops, instant) {
  if (draining_ || tree_.holds(id) || suspects_.holds(id))
    return; // its mail lies in its senders' outboxes until a sweep after the restart
  auto found = entries_.find(id.addr());
  if (found == entries_.end()) {
    queue_claim(id, create).hops = hops;
    return claim_next();
  }
  found->second.create |= create;
  found->second.again = found->second.at == phase::active;
}

bool node_core::take_over(const agent_id& id, std::uint64_t owner, std::uint64_t epoch) {
  if (draining_ || entries_.contains(id.addr()))
    return false;
  auto& e = queue_claim(id, false);
  e.from = owner;
  e.epoch = epoch;
  claim_next();
  return true;
}

/// The store named its owner: what this node was told goes on to that one.
void node_core::held_elsewhere(const agent_id& id, std::uint64_t owner, instant now) {
  auto e = entries_.extract(id.addr()).mapped();
  if (options_.others)
    options_.others->learned(id, owner);
  if (e.hops < hops_max)
    actions_.push_back(tell_node{owner, id, e.create, e.hops + 1});
  turn_ended(id, now);
  carry_out(tree_.withdrawn(id, now), now);
}

node_core::entry& node_core::queue_claim(const agent_id& id, bool create) {
  auto& e = entries_[id.addr()];
  e.id = id;
  e.create = create;
  queue_.push_back(id.addr());
  return e;
}

void node_core::claim_next() {
  while (claiming_ < options_.claims_in_flight_max && !queue_.empty()) {
    auto found = entries_.find(queue_.front());
    queue_.pop_front();
    if (found == entries_.end() || found->second.at != phase::queued)
      continue;
    found->second.at = phase::claiming;
    ++claiming_;
    const auto& e = found->second;
    actions_.push_back(claim_agent{e.id, e.create, e.from, e.epoch});
  }
}

void node_core::claimed(const agent_id& id, result<journal::loaded_agent> found, instant now) {
  --claiming_;
  auto at = entries_.find(id.addr());
  if (at == entries_.end())
    return claim_next();
  if (!found) {
    bool absent = found.error().what == fault::not_found;
    entries_.erase(at);
    if (absent)
      actions_.push_back(skip_orphans{id});
    return turn_ended(id, now);
  }
  if (found->held_by != 0)
    return held_elsewhere(id, found->held_by, now);
  if (options_.others)
    options_.others->learned(id, found->owner);
  if (at->second.stop) {
    entries_.erase(at);
    carry_out(tree_.withdrawn(id, now), now);
    return claim_next();
  }
  at->second.at = phase::active;
  tree_.started(id);
  actions_.push_back(start_host{std::move(*found), std::exchange(at->second.fail_with, {})});
  claim_next();
}

void node_core::ended(const agent_id& id, instant next_due, instant now) {
  auto at = entries_.find(id.addr());
  if (at == entries_.end())
    return;
  bool again = at->second.again;
  entries_.erase(at);
  turn_ended(id, now);
  carry_out(tree_.withdrawn(id, now), now);
  if (next_due != never) {
    due_.emplace(next_due, id);
    plan_tick(next_due);
  }
  if (again)
    wanted(id, true, now);
}

void node_core::crashed(const agent_id& id, bool poisoned, const std::string& problem, instant now) {
  ++crashes_;
  entries_.erase(id.addr());
  turn_ended(id, now);
  if (poisoned)
    tree_.poisoned(id);
  carry_out(tree_.ended(id, supervision::end_kind::crashed, problem, now), now);
}

void node_core::revive(const agent_id& id, instant now) { carry_out(tree_.revive(id, now), now); }

void node_core::failed(const agent_id& id, const std::string& reason, instant now) {
  carry_out(tree_.ended(id, supervision::end_kind::failed, reason, now), now);
}

void node_core::carry_out(const supervision::decisions& made, instant now) {
  for (const auto& d : made) {
    if (d.what == supervision::action::stop)
      stop(d.child.agent, now);
    else if (d.what == supervision::action::start)
      start(d.child.agent);
    else if (d.what == supervision::action::fail)
      fail(d.child.agent, d.reason);
  }
  claim_next();
  if (tree_.next_due() != never)
    plan_tick(std::max(tree_.next_due(), now));
}

/// Whatever the agent is doing, the supervisor hears that it is down.
void node_core::stop(const agent_id& id, instant now) {
  auto at = entries_.find(id.addr());
  if (at != entries_.end() && at->second.at == phase::active)
    return actions_.push_back(stop_host{id});
  if (at != entries_.end() && at->second.at == phase::claiming) {
    at->second.stop = true;
    return;
  }
  if (at != entries_.end())
    entries_.erase(at);
  carry_out(tree_.withdrawn(id, now), now);
}

void node_core::start(const agent_id& id) {
  if (draining_ || suspects_.holds(id))
    return;
  auto at = entries_.find(id.addr());
  if (at != entries_.end())
    at->second.again = true; // its former activation is about to end
  else if (!belongs_elsewhere(id, true))
    queue_claim(id, true);
}

void node_core::fail(const agent_id& id, const std::string& reason) {
  auto at = entries_.find(id.addr());
  if (at == entries_.end())
    queue_claim(id, true).fail_with = reason;
  else if (at->second.at == phase::active)
    actions_.push_back(fail_host{id, reason});
  else
    at->second.fail_with = reason;
}

void node_core::plan_tick(instant at) {
  if (at >= next_tick_)
    return;
  next_tick_ = at;
  actions_.push_back(tick_at{at});
}

void node_core::tick(instant now) {
  next_tick_ = never;
  admit_suspect(now);
  carry_out(tree_.due(now), now);
  while (!due_.empty() && due_.begin()->first <= now) {
    auto id = due_.begin()->second;
    due_.erase(due_.begin());
    wanted(id, false, now);
  }
  if (!due_.empty())
    plan_tick(due_.begin()->first);
}

void node_core::sweep(instant) {
  if (sweeping_ || draining_)
    return;
  sweeping_ = true;
  actions_.push_back(read_duties{""});
}

void node_core::duties_read(const result<journal::page<journal::duty>>& found, instant now) {
  sweeping_ = false;
  if (!found || draining_)
    return;
  for (const auto& d : found->items) {
    auto at = entries_.find(d.id.addr());
    if (at == entries_.end())
      wanted(d.id, true, now);
    else if (at->second.at == phase::active)
      actions_.push_back(look_again{d.id});
  }
  if (found->next_cursor.empty())
    return;
  sweeping_ = true;
  actions_.push_back(read_duties{found->next_cursor});
}

} // namespace troupe
