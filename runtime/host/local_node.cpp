#include "runtime/host/local_node.hpp"

#include "runtime/agent/crash_row.hpp"
#include "runtime/base/fault_point.hpp"
#include "runtime/host/caf_types.hpp"
#include "runtime/host/ingress_host.hpp"
#include "runtime/host/local_node_parts.hpp"
#include "runtime/host/node_actor.hpp"

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <condition_variable>
#include <thread>

namespace troupe {
namespace {

/// Waits for one answer of an asynchronous interface: at start and at the end, where there is nothing else to
/// do.
template<class T>
class one_answer {
public:
  std::function<void(T)> taker() {
    return [held = held_](T value) {
      std::lock_guard guard(held->lock);
      held->value.emplace(std::move(value));
      held->come.notify_one();
    };
  }
  T wait() {
    std::unique_lock guard(held_->lock);
    held_->come.wait(guard, [this] { return held_->value.has_value(); });
    return std::move(*held_->value);
  }

private:
  struct held {
    std::mutex lock;
    std::condition_variable come;
    std::optional<T> value;
  };
  std::shared_ptr<held> held_ = std::make_shared<held>();
};

} // namespace

local_node::parts::parts(node_options how, kind_registry kinds, journal::store& store, clock_source& clock,
                         random_source& random, executors verbs)
    : shared(how, std::move(kinds), store, clock, random, std::move(verbs))
    , config(how.scheduler_threads) {
  system = std::make_unique<caf::actor_system>(config);
  system->await_actors_before_shutdown(false);
  started = clock.now();
}

local_node::parts::~parts() {
  shared.draining = true;
  end_actors();
  system.reset();
  shared.deck.close(); // no turn can run any more
}

/// First the node's actor, so that nobody spawns; then everybody; then what the store still owes them,
/// because its answers must not meet a system that is gone.
void local_node::parts::end_actors() {
  caf::scoped_actor self(*system);
  if (shared.node) {
    caf::anon_send_exit(shared.node, caf::exit_reason::kill);
    self->wait_for(shared.node);
  }
  std::vector<caf::actor> all;
  shared.hosts.for_each([&](const host::directory::record& r) { all.push_back(r.host); });
  for (auto& a : all)
    caf::anon_send_exit(a, caf::exit_reason::kill);
  for (auto& a : all)
    self->wait_for(a);
  one_answer<result<bool>> written;
  shared.store.record_result("", 0, "", written.taker());
  written.wait();
  one_answer<result<journal::ledger>> read;
  shared.store.totals(read.taker());
  read.wait();
}

result<void> local_node::parts::claim_shards() {
  for (std::uint32_t i = 0; i < ingress_shard::shards; ++i) {
    auto id = ingress_shard::id_of(i);
    one_answer<result<journal::loaded_agent>> claimed;
    shared.store.claim(id, true, claimed.taker());
    auto found = claimed.wait();
    if (!found)
      return tl::unexpected(found.error());
    auto shard =
        caf::actor_cast<caf::actor>(system->spawn<host::ingress_host>(std::ref(shared), std::move(*found)));
    auto live = std::make_shared<host::live_state>();
    live->state = agent_state::idle;
    shared.hosts.set({id, shard, std::move(live)});
  }
  return {};
}

/// What a fatal signal ended the last process in is counted before anything of it runs again (CORE.md §5).
result<void> local_node::parts::count_crashes() {
  if (auto opened = shared.deck.open(shared.options.recorder_file); !opened)
    return opened;
  if (auto* last = shared.deck.previous())
    for (const auto& turn : last->turns) {
      if (auto suspect = agent_id::parse(turn.agent))
        shared.suspects.push_back(std::move(*suspect));
      if (turn.signal == 0)
        continue;
      if (auto counted = count_crash(turn.agent, turn.subject, last->session); !counted)
        return counted;
    }
  return shared.deck.start(shared.store.node_epoch());
}

result<void> local_node::parts::count_crash(const std::string& agent, const std::string& subject,
                                            std::uint64_t session) {
  auto id = agent_id::parse(agent);
  if (!id || subject == told_subject)
    return {};
  one_answer<result<journal::loaded_agent>> claimed;
  shared.store.claim(*id, false, claimed.taker());
  auto found = claimed.wait();
  if (!found && found.error().what == fault::not_found)
    return {}; // purged since
  if (!found)
    return tl::unexpected(found.error());
  if (found->held_by != 0)
    return {}; // another node took it over meanwhile, without this file: CORE.md §5
  crash_row row;
  for (const auto& held : found->rows)
    if (held.cls == journal::row_class::crash && held.key == subject)
      row = decode_crash(held.body);
  if (row.session == session)
    return {}; // an earlier start counted it and ended before it could say so
  row.session = session;
  ++row.count;
  row.last = "a fatal signal ended the process";
  journal::turn_commit turn;
  turn.id = found->id;
  turn.birth = found->birth;
  turn.epoch = found->epoch;
  turn.puts.push_back({journal::row_class::crash, subject, 1, encode(row), never});
  turn.events.push_back({"crashed", crash_detail(subject, row.count, row.last), "", shared.clock.now()});
  fault_point("crash.before_count");
  one_answer<journal::receipt> committed;
  shared.store.commit(std::move(turn), committed.taker());
  auto receipt = committed.wait();
  if (receipt.status != journal::commit_status::durable)
    return fail(fault::unavailable, "the crash of " + agent + " could not be counted: " + receipt.why);
  fault_point("crash.after_count");
  shared.log("warning", "the last process ended by a fatal signal in turn " + subject + " of " + agent);
  return {};
}

result<std::unique_ptr<local_node>> local_node::start(node_options how, kind_registry kinds,
                                                      journal::store& store, clock_source& clock,
                                                      random_source& random, executors verbs) {
  auto made =
      std::make_unique<parts>(std::move(how), std::move(kinds), store, clock, random, std::move(verbs));
  if (auto counted = made->count_crashes(); !counted)
    return tl::unexpected(counted.error());
  // The node's actor begins to sweep at once, so that everything it may route to must be there.
  if (auto claimed = made->shared.options.others ? result<void>() : made->claim_shards(); !claimed)
    return tl::unexpected(claimed.error());
  made->shared.node =
      caf::actor_cast<caf::actor>(made->system->spawn<host::node_actor>(std::ref(made->shared)));
  return std::unique_ptr<local_node>(new local_node(std::move(made)));
}

local_node::local_node(std::unique_ptr<parts> made)
    : parts_(std::move(made)) {}

local_node::~local_node() = default;

bool local_node::parts::any_in_flight() {
  bool busy = false;
  shared.hosts.for_each([&](const host::directory::record& r) {
    busy |=
        r.live->state.load() == agent_state::busy || (r.id.kind() != "ingress" && r.live->depth.load() > 0);
  });
  return busy;
}

void local_node::drain(milliseconds limit) {
  constexpr milliseconds between_looks{5};
  auto& shared = parts_->shared;
  shared.draining = true;
  caf::anon_send(shared.node, host::node_input{host::node_drain{}});
  auto until = later(shared.clock.now(), limit);
  while (parts_->any_in_flight() && shared.clock.now() < until)
    std::this_thread::sleep_for(between_looks);
}

bool local_node::ready(std::string& why) const {
  if (parts_->shared.failed(why))
    return false;
  if (parts_->shared.draining)
    why = "the node is draining";
  else if (parts_->shared.frozen)
    why = "the node waits for its lease";
  return why.empty();
}

void local_node::tell(told what) { parts_->shared.route_told(std::move(what)); }

void local_node::arrived(peer_notice what) { parts_->shared.arrived(std::move(what)); }

void local_node::members_changed() {
  caf::anon_send(parts_->shared.node, host::node_input{host::node_members{}});
}

void local_node::freeze_all() { parts_->shared.frozen = true; }

void local_node::thaw_all() {
  parts_->shared.frozen = false;
  parts_->shared.hosts.for_each(
      [](const host::directory::record& r) { caf::anon_send(r.host, host::host_input{host::in_more{}}); });
  members_changed();
}

void local_node::freeze(agent_id id, answer<std::uint64_t> done) {
  if (id.kind() == "ingress")
    return done(fail(fault::refused, "an ingress shard stays where it is while its node lives"));
  if (auto host = parts_->shared.hosts.find(id.addr()))
    return caf::anon_send(host, host::host_input{host::in_freeze{std::move(done)}});
  done(fail(fault::not_found, id.text() + " is not active on this node"));
}

void local_node::thaw(const agent_id& id) {
  if (auto host = parts_->shared.hosts.find(id.addr()))
    caf::anon_send(host, host::host_input{host::in_thaw{}});
}

/// From here on nobody finds it here: neither an operator who looks nor what is sent to it.
void local_node::let_go(const agent_id& id) {
  auto host = parts_->shared.hosts.find(id.addr());
  if (!host)
    return;
  parts_->shared.hosts.remove(id, host);
  caf::anon_send(host, host::host_input{host::in_let_go{}});
}

void local_node::take_over(agent_id id, std::uint64_t owner, std::uint64_t epoch,
                           answer<std::uint64_t> done) {
  caf::anon_send(parts_->shared.node,
                 host::node_input{host::node_take_over{std::move(id), owner, epoch, std::move(done)}});
}

std::vector<live_view> local_node::live(const std::vector<agent_id>& ids) const {
  std::vector<live_view> found;
  for (const auto& id : ids)
    if (auto r = parts_->shared.hosts.record_of(id.addr()))
      found.push_back({id, r->live->state.load(), r->live->depth.load(), r->live->turns.load()});
  return found;
}

std::vector<agent_id> local_node::active() const {
  std::vector<agent_id> all;
  parts_->shared.hosts.for_each([&](const host::directory::record& r) {
    if (r.id.kind() != "ingress")
      all.push_back(r.id);
  });
  return all;
}

bool local_node::knows(std::string_view kind) const { return parts_->shared.kinds.find(kind) != nullptr; }

void local_node::inject(inject_request request, answer<inject_answer> done) {
  std::string why;
  if (!ready(why))
    return done(fail(fault::unavailable, "the node takes no messages: " + why));
  if (!parts_->shared.kinds.find(request.receiver_kind()))
    return done(fail(fault::not_found, "no kind \"" + request.receiver_kind() + "\" on this node",
                     "troupe ps nodes lists the kinds"));
  auto shard = ingress_shard::id_of(ingress_shard::shard_of(request));
  if (auto host = parts_->shared.hosts.find(shard.addr()))
    return caf::anon_send(host, host::host_input{host::in_inject{std::move(request), std::move(done)}});
  caf::anon_send(parts_->shared.node, host::node_input{host::node_members{}});
  done(fail(fault::unavailable, "nobody answers for this caller at the moment", "try again"));
}

} // namespace troupe
