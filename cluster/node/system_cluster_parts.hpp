#pragma once

#include "cluster/link/asio_hub.hpp"
#include "cluster/node/system_cluster.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace troupe::cluster {

/// The core's ports in this process. The core is touched under `lock` alone.
struct system_cluster::parts final : cluster_ports, std::enable_shared_from_this<parts> {
  parts(options o, journal::shared_store& s)
      : how(std::move(o))
      , store(s)
      , self_epoch(s.node_epoch()) {}

  void with_core(std::function<void(cluster_core&, instant)> what);
  void tick_on();
  instant now() const;
  asio_hub::events link_events();
  /// Answers on the hub's thread, without the lock: whoever is told may ask again at once.
  template<class T>
  answer<T> outside(answer<T> done) {
    return [weak = weak_from_this(), done = std::move(done)](result<T> what) mutable {
      if (auto self = weak.lock())
        self->hub->post([done, what = std::move(what)]() mutable { done(std::move(what)); });
    };
  }
  void settle_state(node_epoch of, journal::member_state to, unsigned looks, answer<std::string> done);
  void drain_node(node_epoch of, answer<node_order_report> done);
  void empty_node(node_epoch of, node_order what, answer<node_order_report> done);

  // cluster_ports
  void send(node_epoch to, message m) override;
  void read_members() override;
  void put_member(journal::member_row row, bool if_expired) override;
  void renew_lease() override;
  void find_owner(std::uint64_t move, agent_id id) override;
  void arrived(peer_notice what) override;
  void members_changed() override;
  void freeze_all() override;
  void thaw_all() override;
  void freeze(std::uint64_t move, agent_id id) override;
  void thaw(agent_id id) override;
  void let_go(agent_id id) override;
  void take_over(node_epoch from, std::uint64_t move, agent_id id, std::uint64_t epoch) override;
  std::string refusal(const agent_id& id) override;
  void serve(node_epoch from, request asked) override;
  void log(std::string sentence) override { how.log("info", std::move(sentence)); }
  void end_node(std::string why, bool fenced) override;

  template<class T>
  answer<T> answering(node_epoch from, std::uint64_t number) {
    return [weak = weak_from_this(), from, number](result<T> what) {
      if (auto self = weak.lock())
        self->with_core([from, number, what = std::move(what)](cluster_core& core, instant) {
          core.answer_to(from, number, what ? response_body(*what) : response_body(what.error()));
        });
    };
  }

  options how;
  journal::shared_store& store;
  const node_epoch self_epoch;
  mutable std::mutex lock;
  std::condition_variable came;
  std::atomic<std::int64_t> store_ahead_ms = 0; // of this machine's time since its start
  std::atomic<std::int64_t> latest_ms = 0;
  bool ended = false;
  bool frozen = false;
  bool leaving = false; // of its own will
  local_node* node = nullptr;
  std::unique_ptr<cluster_core> core;
  std::unique_ptr<asio_hub> hub; // last: its thread uses the rest
};

} // namespace troupe::cluster
