#include "tests/sim/cluster_process.hpp"

namespace troupe::sim {
namespace {

constexpr milliseconds sweep_every{2'000};
constexpr milliseconds lease{10'000};

testing::sim_node::options node_options(std::uint64_t seed, std::shared_ptr<testing::memory_tables> shared,
                                        peers* others) {
  testing::sim_node::options how;
  how.seed = seed;
  how.duplicates = true;
  how.shared = std::move(shared);
  how.others = others;
  return how;
}

} // namespace

cluster_process::cluster_process(std::string name, std::uint64_t seed,
                                 std::shared_ptr<testing::memory_tables> shared, const kind_registry& kinds,
                                 deliver out)
    : name_(std::move(name))
    , node_(node_options(seed, std::move(shared), this), kinds)
    , out_(std::move(out)) {}

void cluster_process::start(instant now) {
  cluster::cluster_core::options how;
  how.stopwatch = [] { return 0.0; };
  cluster::member self;
  self.epoch = epoch();
  self.node = name_;
  self.address = name_;
  auto& ports = static_cast<cluster::cluster_ports&>(*this);
  core_ = std::make_unique<cluster::cluster_core>(how, std::move(self), ports);
  now_ = now;
  next_sweep_ = now + sweep_every;
  core_->start(now);
}

void cluster_process::kill() {
  ++life_;
  node_.kill();
  core_ = nullptr;
  waiting_.clear();
  booted_ = false;
  ended_ = false;
}

void cluster_process::later(std::function<void()> what) { waiting_.push_back(std::move(what)); }

void cluster_process::turn(instant now, std::size_t steps) {
  now_ = now;
  // Due times are the store's: another node may have to keep them.
  const auto ahead = core_->members().store_offset();
  if (ahead.count() != 0) // as a node does, it begins once it has heard the store's time
    node_.clock.time = std::max(node_.clock.time, now + ahead);
  for (auto& told : std::exchange(waiting_, {}))
    told();
  core_->tick(now);
  if (ended_)
    return;
  if (booted_)
    node_.wake();
  if (booted_ && now >= next_sweep_) {
    next_sweep_ = now + sweep_every;
    node_.sweep();
  }
  for (std::size_t i = 0; i < steps && !ended_; ++i) {
    if (!node_.step())
      return;
    for (auto& told : std::exchange(waiting_, {}))
      told();
  }
}

void cluster_process::received(cluster::node_epoch from, cluster::message m) {
  core_->received(from, std::move(m), now_);
}

void cluster_process::migrate(const agent_id& id, const std::string& to, answer<move_report> done) {
  core_->migrate(id, to, std::move(done), now_);
}

void cluster_process::read_members() {
  node_.store.members().read([this, life = life_](result<journal::member_list> found) {
    if (life == life_)
      later([this, found] { core_->members_read(found, now_); });
  });
}

void cluster_process::put_member(journal::member_row row, bool if_expired) {
  auto about = row.epoch;
  node_.store.members().put(std::move(row), lease, if_expired,
                            [this, about, life = life_](result<std::uint64_t> version) {
                              if (life == life_)
                                later([this, about, version] { core_->put_done(about, version, now_); });
                            });
}

void cluster_process::renew_lease() {
  node_.store.members().renew(epoch(), lease,
                              [this, asked_at = now_, life = life_](result<journal::lease_grant> grant) {
                                if (life == life_)
                                  later([this, grant, asked_at] { core_->renewed(grant, asked_at, now_); });
                              });
}

void cluster_process::find_owner(std::uint64_t move, agent_id id) {
  node_.store.describe(id, [this, move, life = life_](result<journal::loaded_agent> found) {
    if (life != life_)
      return;
    later([this, move, found] {
      if (found)
        core_->owner_found(move, std::pair(found->owner, found->epoch), now_);
      else
        core_->owner_found(move, tl::unexpected(found.error()), now_);
    });
  });
}

void cluster_process::arrived(peer_notice what) {
  if (booted_)
    node_.arrived(std::move(what));
}

void cluster_process::members_changed() {
  if (booted_)
    node_.members_changed();
}

void cluster_process::freeze_all() {
  if (booted_)
    node_.set_frozen(true);
}

void cluster_process::thaw_all() {
  if (booted_)
    return node_.set_frozen(false);
  booted_ = true;
  node_.boot();
}

void cluster_process::freeze(std::uint64_t move, agent_id id) {
  node_.freeze(id, [this, move, life = life_](result<std::uint64_t> epoch) {
    if (life == life_)
      later([this, move, epoch] { core_->frozen(move, epoch, now_); });
  });
}

void cluster_process::take_over(cluster::node_epoch from, std::uint64_t move, agent_id id,
                                std::uint64_t epoch) {
  node_.take_over(id, from, epoch, [this, from, move, id, life = life_](result<std::uint64_t> taken) {
    if (life == life_)
      later([this, from, move, id, taken] { core_->took(from, move, id, taken); });
  });
}

} // namespace troupe::sim
