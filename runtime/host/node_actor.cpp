#include "runtime/host/node_actor.hpp"

#include "runtime/base/fault_point.hpp"
#include "runtime/host/agent_host.hpp"
#include "runtime/host/ingress_host.hpp"

#include <algorithm>
#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/send.hpp>

namespace troupe::host {
namespace {

constexpr std::size_t duties_per_read = 1000;
constexpr milliseconds longest_tick{3'600'000};

template<class... Cases>
struct overloaded : Cases... {
  using Cases::operator()...;
};
template<class... Cases>
overloaded(Cases...) -> overloaded<Cases...>;

node_core::options core_options(const node_shared& shared) {
  const auto& how = shared.options;
  node_core::options core;
  core.supervision = how.supervision;
  core.declared = how.supervised;
  core.suspects = shared.suspects;
  core.others = how.others;
  return core;
}

} // namespace

node_actor::node_actor(caf::actor_config& config, node_shared& shared)
    : caf::event_based_actor(config)
    , shared_(shared)
    , core_(core_options(shared), shared.random) {}

caf::behavior node_actor::make_behavior() {
  core_.boot(shared_.clock.now());
  do_actions();
  send(this, node_input{node_sweep{}});
  return {[this](node_input& in) { take(in); }};
}

void node_actor::take(node_input& in) {
  auto now = shared_.clock.now();
  std::visit(overloaded{
                 [&](node_wanted& i) {
                   if (i.id.kind() != "ingress") // shards are there from the start, and claimed only then
                     core_.wanted(i.id, i.create, now);
                 },
                 [&](node_wanted_here& i) {
                   if (i.id.kind() != "ingress")
                     core_.wanted_here(i.id, i.create, i.hops, now);
                 },
                 [&](node_take_over& i) { take_over(i); },
                 [&](node_members&) { sweep_members(now); },
                 [&](node_shard& i) { start_shard(i); },
                 [&](node_claimed& i) { claimed(i, now); },
                 [&](node_ended& i) { core_.ended(i.id, i.next_due, now); },
                 [&](node_retired& i) { retire(i, now); },
                 [&](node_turn_ended& i) { core_.turn_ended(i.id, now); },
                 [&](node_crashed& i) { core_.crashed(i.id, i.poisoned, i.problem, now); },
                 [&](node_failed& i) { core_.failed(i.id, i.reason, now); },
                 [&](node_revive& i) { core_.revive(i.id, now); },
                 [&](node_rival& i) {
                   if (i.found)
                     start(std::move(*i.found), {});
                 },
                 [&](node_tick&) { core_.tick(now); },
                 [&](node_sweep&) { sweep(now); },
                 [&](node_duties& i) {
                   if (i.found)
                     std::erase_if(i.found->items, [](const auto& d) { return d.id.kind() == "ingress"; });
                   core_.duties_read(i.found, now);
                 },
                 [&](node_drain&) { core_.drain(); },
                 [&](node_ask& i) { i.what(core_, now); },
                 [&](node_operate& i) { operate(i, now); },
             },
             in.what);
  do_actions();
}

void node_actor::claimed(node_claimed& what, instant now) {
  std::string problem;
  if (!what.found)
    problem = what.found.error().message;
  else if (what.found->held_by != 0)
    problem = "node epoch " + std::to_string(what.found->held_by) + " owns it";
  if (!problem.empty())
    release_operations(what.id, nullptr, problem);
  if (auto arriving = arriving_.extract(what.id.addr()); !arriving.empty())
    problem.empty() ? arriving.mapped()(what.found->epoch)
                    : arriving.mapped()(fail(fault::conflict, what.id.text() + ": " + problem));
  core_.claimed(what.id, std::move(what.found), now);
}

void node_actor::take_over(node_take_over& what) {
  if (!shared_.options.shared || !core_.take_over(what.id, what.owner, what.epoch))
    return what.done(fail(fault::conflict, what.id.text() + " is active on this node already"));
  arriving_[what.id.addr()] = std::move(what.done);
}

void node_actor::sweep_members(instant now) {
  core_.sweep(now);
  look_after_shards();
}

/// Shards nobody alive owns are placed like agents, by whoever sees it first; the store settles rivalry.
void node_actor::look_after_shards() {
  if (!shared_.options.others)
    return;
  auto self = caf::actor_cast<caf::actor>(this);
  for (std::uint32_t i = 0; i < ingress_shard::shards; ++i) {
    auto id = ingress_shard::id_of(i);
    bool other = shared_.options.others->home_of(id) != peers::here;
    if (other || shared_.hosts.find(id.addr()) || !shards_claimed_.insert(id.addr()).second)
      continue;
    shared_.store.claim(id, true, [self, id](result<journal::loaded_agent> found) {
      caf::anon_send(self, node_input{node_shard{id, std::move(found)}});
    });
  }
}

void node_actor::start_shard(node_shard& what) {
  shards_claimed_.erase(what.id.addr());
  if (!what.found || shared_.hosts.find(what.id.addr()))
    return;
  auto owner = what.found->held_by != 0 ? what.found->held_by : what.found->owner;
  shared_.options.others->learned(what.id, owner);
  if (what.found->held_by != 0)
    return;
  auto shard =
      caf::actor_cast<caf::actor>(system().spawn<ingress_host>(std::ref(shared_), std::move(*what.found)));
  auto live = std::make_shared<live_state>();
  live->state = agent_state::idle;
  shared_.hosts.set({what.id, shard, std::move(live)});
}

void node_actor::operate(node_operate& what, instant now) {
  if (auto host = shared_.hosts.find(what.id.addr()))
    return caf::anon_send(host, host_input{in_operate{std::move(what.use)}});
  core_.wanted_here(what.id, true, 0, now);
  waiting_[what.id.addr()].push_back(std::move(what));
}

void node_actor::release_operations(const agent_id& id, const caf::actor& host, const std::string& problem) {
  auto found = waiting_.extract(id.addr());
  if (found.empty())
    return;
  for (auto& o : found.mapped())
    if (host)
      caf::anon_send(host, host_input{in_operate{std::move(o.use)}});
    else
      o.otherwise(error{fault::unavailable, id.text() + " cannot be activated: " + problem, ""});
}

/// Refused when somebody has wanted the agent since: then it goes on living.
void node_actor::retire(const node_retired& gone, instant now) {
  fault_point("agent.before_purge");
  core_.ended(gone.id, never, now);
  shared_.store.retire(gone.id, gone.epoch, now, [](result<bool>) { fault_point("agent.after_purge"); });
}

void node_actor::sweep(instant now) {
  core_.sweep(now);
  look_after_shards();
  if (shared_.options.unsafe_rivals)
    claim_rivals();
  watch_turns(now);
  shared_.store.sweep(now, now - shared_.options.history_kept, now - shared_.options.dead_letters_kept, 1000,
                      [](result<std::size_t>) {});
  passivate_idle(now);
  if (!shared_.draining)
    delayed_send(this, shared_.options.sweep_every, node_input{node_sweep{}});
}

/// Those idle for long enough; beyond the limit of active agents the longest idle, too.
void node_actor::passivate_idle(instant now) {
  struct resting {
    std::int64_t since = 0;
    caf::actor host;
  };
  std::vector<resting> idle;
  shared_.hosts.for_each([&](const directory::record& r) {
    if (r.live->state.load(std::memory_order_relaxed) != agent_state::busy && r.id.kind() != "ingress")
      idle.push_back({r.live->last_active_ms.load(std::memory_order_relaxed), r.host});
  });
  auto before = to_ms(now - shared_.options.passivate_after);
  auto active = shared_.hosts.size();
  auto too_many = active - std::min(active, shared_.options.active_agents_max);
  too_many = std::min(too_many, idle.size());
  std::nth_element(idle.begin(), idle.begin() + static_cast<std::ptrdiff_t>(too_many), idle.end(),
                   [](const resting& a, const resting& b) { return a.since < b.since; });
  for (std::size_t i = 0; i < idle.size(); ++i)
    if (i < too_many || idle[i].since < before)
      caf::anon_send(idle[i].host, host_input{in_passivate{}});
}

/// Test only. The former activation lives on and believes itself the owner: only the fence keeps it from
/// writing.
void node_actor::claim_rivals() {
  auto self = caf::actor_cast<caf::actor>(this);
  shared_.hosts.for_each([&](const directory::record& r) {
    if (r.id.kind() == "ingress" || shared_.random.next() % 4 != 0)
      return;
    shared_.store.claim(r.id, false, [self](result<journal::loaded_agent> found) {
      caf::anon_send(self, node_input{node_rival{std::move(found)}});
    });
  });
}

/// A handler that does not return holds one of the few scheduler threads. It is named after `turn_limit`;
/// after three times that the process ends, so that the next start counts a crash against exactly that
/// message or answer.
void node_actor::watch_turns(instant now) {
  for (const auto& t : shared_.deck.running_since_before(now - shared_.options.turn_limit))
    shared_.log("error",
                "the turn " + t.subject + " of " + t.agent + " has run since " + to_rfc3339(t.since));
  if (shared_.deck.blame_running_since_before(now - 3 * shared_.options.turn_limit) &&
      shared_.options.on_stuck)
    shared_.options.on_stuck();
}

void node_actor::do_actions() {
  for (auto& action : core_.take_actions())
    std::visit([this](auto& a) { perform(a); }, action);
}

void node_actor::perform(claim_agent& a) {
  auto self = caf::actor_cast<caf::actor>(this);
  fault_point("agent.before_claim");
  auto done = [self, id = a.id](result<journal::loaded_agent> found) {
    caf::anon_send(self, node_input{node_claimed{id, std::move(found)}});
  };
  if (a.from != 0)
    return shared_.options.shared->take_over(a.id, a.from, a.epoch, done);
  shared_.store.claim(a.id, a.create, done);
}

void node_actor::perform(tell_node& a) {
  peer_notice notice;
  notice.id = a.id;
  notice.create = a.create;
  notice.hops = a.hops;
  shared_.options.others->tell(a.node, std::move(notice));
}

void node_actor::perform(start_host& a) {
  fault_point("agent.after_claim");
  start(std::move(a.found), std::move(a.fail_with));
}

void node_actor::start(journal::loaded_agent found, std::string fail_with) {
  auto id = found.id;
  auto live = std::make_shared<live_state>();
  live->last_active_ms = to_ms(shared_.clock.now());
  auto host = caf::actor_cast<caf::actor>(
      system().spawn<agent_host>(std::ref(shared_), std::move(found), std::move(fail_with), live));
  // In the directory before its first look into the store: no row that becomes durable in between is missed.
  shared_.hosts.set({id, host, std::move(live)});
  caf::anon_send(host, host_input{in_begin{}});
  release_operations(id, host, "");
}

void node_actor::perform(stop_host& a) {
  if (auto host = shared_.hosts.find(a.id.addr()))
    caf::anon_send(host, host_input{in_stop{}});
}

void node_actor::perform(look_again& a) {
  if (auto host = shared_.hosts.find(a.id.addr()))
    caf::anon_send(host, host_input{in_look_again{}});
}

void node_actor::perform(fail_host& a) {
  auto give_up = [reason = a.reason](agent_cell& cell, instant now) { cell.give_up(reason, now); };
  if (auto host = shared_.hosts.find(a.id.addr()))
    caf::anon_send(host, host_input{in_operate{give_up}});
}

void node_actor::perform(tick_at& a) {
  auto wait = std::clamp(a.at - shared_.clock.now(), milliseconds(0), longest_tick);
  delayed_send(this, wait, node_input{node_tick{}});
}

void node_actor::perform(read_duties& a) {
  auto self = caf::actor_cast<caf::actor>(this);
  shared_.store.duties(shared_.clock.now(), a.cursor, duties_per_read,
                       [self](result<journal::page<journal::duty>> found) {
                         caf::anon_send(self, node_input{node_duties{std::move(found)}});
                       });
}

void node_actor::perform(skip_orphans& a) {
  shared_.store.skip_control_of_absent(a.id, shared_.clock.now(), [](result<std::uint32_t>) {});
}

} // namespace troupe::host
