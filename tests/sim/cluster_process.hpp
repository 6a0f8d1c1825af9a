#pragma once

#include "cluster/node/cluster_core.hpp"
#include "tests/support/sim_node.hpp"

#include <functional>
#include <memory>
#include <string>

namespace troupe::sim {

/// One process of a simulated cluster: the production core of a node's part in it around a simulated node.
/// Nothing happens between calls of `turn`.
class cluster_process final : private cluster::cluster_ports, private peers {
public:
  using deliver = std::function<void(cluster::node_epoch to, cluster::message m)>;

  cluster_process(std::string name, std::uint64_t seed, std::shared_ptr<testing::memory_tables> shared,
                  const kind_registry& kinds, deliver out);

  /// A process begins, at that time of its own clock.
  void start(instant now);
  void kill();
  bool runs() const noexcept { return core_ != nullptr; }
  /// The store says that it is dead: the process has ended itself.
  bool ended() const noexcept { return ended_; }

  /// Its clock stands at `now`; it gets to do up to `steps` things.
  void turn(instant now, std::size_t steps);
  void received(cluster::node_epoch from, cluster::message m);
  void migrate(const agent_id& id, const std::string& to, answer<move_report> done);

  bool takes(const std::string& to) const { return booted_ && node_.takes(to); }
  bool booted() const noexcept { return booted_; }
  cluster::node_epoch epoch() const { return node_.store.node_epoch(); }
  const std::string& name() const noexcept { return name_; }
  testing::sim_node& node() noexcept { return node_; }
  const cluster::cluster_core& core() const { return *core_; }

private:
  // cluster_ports
  void send(cluster::node_epoch to, cluster::message m) override { out_(to, std::move(m)); }
  void read_members() override;
  void put_member(journal::member_row row, bool if_expired) override;
  void renew_lease() override;
  void find_owner(std::uint64_t move, agent_id id) override;
  void arrived(peer_notice what) override;
  void members_changed() override;
  void freeze_all() override;
  void thaw_all() override;
  void freeze(std::uint64_t move, agent_id id) override;
  void thaw(agent_id id) override { node_.thaw(id); }
  void let_go(agent_id id) override { node_.let_go(id); }
  void take_over(cluster::node_epoch from, std::uint64_t move, agent_id id, std::uint64_t epoch) override;
  std::string refusal(const agent_id&) override { return booted_ ? "" : "it is not ready"; }
  void serve(cluster::node_epoch, cluster::request) override {}
  void log(std::string) override {}
  void end_node(std::string, bool) override { ended_ = true; }

  // peers
  std::uint64_t home_of(const agent_id& id) override { return core_->home_of(id); }
  void learned(const agent_id& id, std::uint64_t owner) override { core_->learned(id, owner); }
  bool gone(std::uint64_t node) const override { return core_->gone(node); }
  void tell(std::uint64_t node, peer_notice what) override { out_(node, std::move(what)); }

  void later(std::function<void()> what);

  std::string name_;
  testing::sim_node node_;
  deliver out_;
  std::unique_ptr<cluster::cluster_core> core_;
  std::vector<std::function<void()>> waiting_; // answers to the core, never inside its own calls
  std::uint64_t life_ = 0;
  instant now_{};
  instant next_sweep_{};
  bool booted_ = false;
  bool ended_ = false;
};

} // namespace troupe::sim
