#include "cluster/node/system_cluster.hpp"

#include "cluster/link/asio_hub.hpp"
#include "cluster/node/system_cluster_parts.hpp"
#include "runtime/host/local_node.hpp"

#include <condition_variable>
#include <ctime>

namespace troupe::cluster {
namespace {

constexpr milliseconds tick_soonest{5};
constexpr milliseconds tick_latest{100};

/// Since the machine started, suspension included: a lease goes on while nobody looks.
instant boot_time() {
  timespec t{};
  clock_gettime(CLOCK_BOOTTIME, &t);
  return from_ms(t.tv_sec * 1'000 + t.tv_nsec / 1'000'000);
}

double stopwatch() {
  timespec t{};
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) / 1e6;
}

member describe(const system_cluster::options& how, node_epoch self) {
  member m;
  m.epoch = self;
  m.node = how.name;
  m.door = how.door;
  m.build = how.build;
  m.weight = how.weight;
  m.labels = how.labels;
  m.kinds = how.kinds;
  return m;
}

} // namespace

instant system_cluster::parts::now() const { return boot_time(); }

/// Runs on the hub's thread with the core to itself.
void system_cluster::parts::with_core(std::function<void(cluster_core&, instant)> what) {
  hub->post([weak = weak_from_this(), what = std::move(what)] {
    if (auto self = weak.lock()) {
      std::lock_guard guard(self->lock);
      what(*self->core, boot_time());
    }
  });
}

void system_cluster::parts::tick_on() {
  milliseconds wait;
  {
    std::lock_guard guard(lock);
    if (ended)
      return;
    core->tick(boot_time());
    store_ahead_ms = core->members().store_offset().count();
    wait = std::clamp(core->next_tick() - boot_time(), tick_soonest, tick_latest);
  }
  hub->after(wait, [weak = weak_from_this()] {
    if (auto self = weak.lock())
      self->tick_on();
  });
}

void system_cluster::parts::read_members() {
  store.members().read([weak = weak_from_this()](result<journal::member_list> found) {
    if (auto self = weak.lock())
      self->with_core([self = self.get(), found = std::move(found)](cluster_core& core, instant now) {
        core.members_read(found, now);
        self->came.notify_all();
      });
  });
}

void system_cluster::parts::put_member(journal::member_row row, bool if_expired) {
  auto about = row.epoch;
  store.members().put(std::move(row), how.core.members.lease, if_expired,
                      [weak = weak_from_this(), about](result<std::uint64_t> version) {
                        if (auto self = weak.lock())
                          self->with_core([about, version](cluster_core& core, instant now) {
                            core.put_done(about, version, now);
                          });
                      });
}

void system_cluster::parts::renew_lease() {
  auto asked_at = boot_time();
  store.members().renew(self_epoch, how.core.members.lease,
                        [weak = weak_from_this(), asked_at](result<journal::lease_grant> grant) {
                          if (auto self = weak.lock())
                            self->with_core([grant, asked_at](cluster_core& core, instant now) {
                              core.renewed(grant, asked_at, now);
                            });
                        });
}

void system_cluster::parts::find_owner(std::uint64_t move, agent_id id) {
  store.describe(id, [weak = weak_from_this(), move](result<journal::loaded_agent> found) {
    if (auto self = weak.lock())
      self->with_core([move, found = std::move(found)](cluster_core& core, instant now) {
        if (found)
          core.owner_found(move, std::pair(found->owner, found->epoch), now);
        else
          core.owner_found(move, tl::unexpected(found.error()), now);
      });
  });
}

void system_cluster::parts::members_changed() {
  std::map<node_epoch, std::string> addresses;
  for (const auto& [epoch, m] : core->members().members())
    if (m.lives() && epoch != self_epoch)
      addresses[epoch] = m.address;
  hub->set_peers(std::move(addresses));
  if (node)
    node->members_changed();
}

void system_cluster::parts::freeze(std::uint64_t move, agent_id id) {
  auto told = [weak = weak_from_this(), move](result<std::uint64_t> epoch) {
    if (auto self = weak.lock())
      self->with_core([move, epoch](cluster_core& core, instant now) { core.frozen(move, epoch, now); });
  };
  node ? node->freeze(std::move(id), told) : told(fail(fault::unavailable, "the node is ending"));
}

void system_cluster::parts::take_over(node_epoch from, std::uint64_t move, agent_id id, std::uint64_t epoch) {
  auto told = [weak = weak_from_this(), from, move, id](result<std::uint64_t> taken) {
    if (auto self = weak.lock())
      self->with_core(
          [from, move, id, taken](cluster_core& core, instant) { core.took(from, move, id, taken); });
  };
  node ? node->take_over(id, from, epoch, told) : told(fail(fault::unavailable, "the node is ending"));
}

std::string system_cluster::parts::refusal(const agent_id& id) {
  if (!node)
    return "it is not ready";
  if (core->members().self().state != journal::member_state::up)
    return "it takes no new agents";
  return node->knows(id.kind()) ? "" : "it does not know the kind \"" + id.kind() + "\"";
}

void system_cluster::parts::end_node(std::string why, bool fenced) {
  ended = true;
  came.notify_all();
  if (how.on_end && !(leaving && !fenced))
    how.on_end(std::move(why), fenced);
}

result<std::unique_ptr<system_cluster>> system_cluster::join(options how, journal::shared_store& store) {
  auto made = std::make_shared<parts>(std::move(how), store);
  made->how.core.stopwatch = stopwatch;
  asio_hub::options links;
  links.host = made->how.host;
  links.port = made->how.port;
  links.cluster = made->how.cluster_id;
  links.self = made->self_epoch;
  links.ca_file = made->how.ca_file;
  links.certificate_file = made->how.certificate_file;
  links.key_file = made->how.key_file;
  auto hub = asio_hub::open(std::move(links), made->link_events());
  if (!hub)
    return tl::unexpected(hub.error());
  made->hub = std::move(*hub);
  auto self = describe(made->how, made->self_epoch);
  self.address = made->hub->address();
  made->core = std::make_unique<cluster_core>(made->how.core, std::move(self), *made);
  made->with_core([](cluster_core& core, instant now) { core.start(now); });
  made->hub->post([weak = std::weak_ptr(made)] {
    if (auto p = weak.lock())
      p->tick_on();
  });
  std::unique_lock guard(made->lock);
  made->came.wait_for(guard, made->how.join_patience,
                      [&] { return made->core->members().serving() || made->ended; });
  const bool serves = made->core->members().serving();
  made->store_ahead_ms = made->core->members().store_offset().count();
  guard.unlock();
  auto joined = std::unique_ptr<system_cluster>(new system_cluster(made));
  if (!serves)
    return fail(fault::unavailable, "the node could not join: the store did not take its row in time",
                "troupe doctor looks at the store");
  return joined;
}

system_cluster::system_cluster(std::shared_ptr<parts> made)
    : parts_(std::move(made)) {}

system_cluster::~system_cluster() {
  {
    std::lock_guard guard(parts_->lock);
    parts_->node = nullptr;
    parts_->ended = true;
  }
  parts_->hub->stop();
}

void system_cluster::attach(local_node& node) {
  std::lock_guard guard(parts_->lock);
  parts_->node = &node;
  if (parts_->frozen)
    node.freeze_all();
  node.members_changed();
}

void system_cluster::leave(milliseconds patience) {
  std::unique_lock guard(parts_->lock);
  parts_->leaving = true;
  parts_->core->set_state(parts_->self_epoch, journal::member_state::left, "it was stopped");
  parts_->came.wait_for(guard, patience, [this] { return parts_->ended; });
}

void system_cluster::detach() {
  std::lock_guard guard(parts_->lock);
  parts_->node = nullptr;
}

instant system_cluster::now() {
  auto read = to_ms(boot_time()) + parts_->store_ahead_ms.load();
  auto latest = parts_->latest_ms.load();
  while (read > latest && !parts_->latest_ms.compare_exchange_weak(latest, read)) {
  }
  return from_ms(std::max(read, latest));
}

std::uint64_t system_cluster::home_of(const agent_id& id) {
  std::lock_guard guard(parts_->lock);
  return parts_->core->home_of(id);
}

void system_cluster::learned(const agent_id& id, std::uint64_t owner) {
  std::lock_guard guard(parts_->lock);
  parts_->core->learned(id, owner);
}

bool system_cluster::gone(std::uint64_t node) const {
  std::lock_guard guard(parts_->lock);
  return parts_->core->gone(node);
}

void system_cluster::tell(std::uint64_t node, peer_notice what) { parts_->send(node, std::move(what)); }

std::map<node_epoch, member> system_cluster::members() const {
  std::lock_guard guard(parts_->lock);
  return parts_->core->members().members();
}

node_epoch system_cluster::self() const { return parts_->self_epoch; }

} // namespace troupe::cluster
