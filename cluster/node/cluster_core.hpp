#pragma once

#include "cluster/member/membership.hpp"
#include "cluster/message/message.hpp"
#include "cluster/move/mover.hpp"
#include "cluster/place/directory.hpp"

#include <deque>
#include <functional>
#include <map>
#include <optional>

namespace troupe::cluster {

/// What a node's part in the cluster needs of the world: links, the store, the node itself. Nothing waits;
/// the answers come back through the core's inputs, never inside the call.
class cluster_ports {
public:
  virtual ~cluster_ports() = default;
  virtual void send(node_epoch to, message m) = 0;

  virtual void read_members() = 0;
  virtual void put_member(journal::member_row row, bool if_expired) = 0;
  virtual void renew_lease() = 0;
  virtual void find_owner(std::uint64_t move, agent_id id) = 0;

  virtual void arrived(peer_notice what) = 0;
  virtual void members_changed() = 0; // links and agents are to be looked after
  virtual void freeze_all() = 0;
  virtual void thaw_all() = 0;
  virtual void freeze(std::uint64_t move, agent_id id) = 0;
  virtual void thaw(agent_id id) = 0;
  virtual void let_go(agent_id id) = 0;
  virtual void take_over(node_epoch from, std::uint64_t move, agent_id id, std::uint64_t epoch) = 0;
  /// Why the node would not take another agent of that kind; empty: it would.
  virtual std::string refusal(const agent_id& id) = 0;
  /// Somebody asks; the answer goes out with `answer_to`.
  virtual void serve(node_epoch from, request asked) = 0;

  virtual void log(std::string sentence) = 0;
  virtual void end_node(std::string why, bool fenced) = 0;
};

/// One node's part in the cluster: who lives, where agents are, how they move, who asked whom what. One
/// thread at a time; pure but for its ports. Production and the simulator drive the same class.
class cluster_core {
public:
  struct options {
    membership::options members;
    std::size_t hints = 200'000;
    milliseconds request_patience{10'000};
    std::size_t requests_max = 10'000;
    std::function<double()> stopwatch; // milliseconds, for reports only
  };
  using on_response = std::function<void(result<response_body>)>;

  cluster_core(options how, member self, cluster_ports& ports);

  void start(instant now);
  void tick(instant now);
  instant next_tick() const;

  // What comes back.
  void members_read(const result<journal::member_list>& found, instant now);
  void put_done(node_epoch about, const result<std::uint64_t>& version, instant now);
  void renewed(const result<journal::lease_grant>& grant, instant asked_at, instant now);
  void owner_found(std::uint64_t move, const result<std::pair<node_epoch, std::uint64_t>>& row, instant now);
  void frozen(std::uint64_t move, const result<std::uint64_t>& epoch, instant now);
  void took(node_epoch from, std::uint64_t move, const agent_id& id, const result<std::uint64_t>& epoch);
  void received(node_epoch from, message m, instant now);
  void link_lost(node_epoch peer, instant now);

  // What the node asks.
  std::uint64_t home_of(const agent_id& id) const;
  bool has_heard_of(const agent_id& id) const { return members_.lives(where_.hint(id)); }
  void learned(const agent_id& id, node_epoch owner) { where_.learned(id, owner); }
  bool gone(node_epoch node) const { return !members_.lives(node); }
  void ask(node_epoch node, request_body what, milliseconds patience, on_response done, instant now);
  void answer_to(node_epoch node, std::uint64_t number, response_body what);
  /// To the node of that name; any if the name is empty.
  void migrate(const agent_id& id, const std::string& to, answer<move_report> done, instant now);
  /// Moves all of them, some at a time; answers once each has moved or could not.
  void drain(std::vector<agent_id> all, answer<node_order_report> done, instant now);
  void set_state(node_epoch of, journal::member_state to, std::string reason);

  const membership& members() const noexcept { return members_; }
  const member* named(const std::string& node) const;
  node_epoch self() const noexcept { return members_.self().epoch; }
  bool moving() const noexcept { return mover_.under_way() > 0; }

private:
  struct asked {
    node_epoch node = 0;
    instant until{};
    on_response done;
  };
  struct draining {
    draining() {} // clang takes no initialiser of a member before the outer class is whole
    std::deque<agent_id> left;
    std::size_t under_way = 0;
    node_order_report report;
    answer<node_order_report> done;
  };

  void do_membership(instant now);
  void do_moves(instant now);
  void members_changed(instant now);
  void notice(node_epoch from, peer_notice what);
  void response_came(node_epoch from, response what);
  void drain_on(instant now);
  void after_a_move(const agent_id& id, const result<move_report>& came, instant now);

  options options_;
  cluster_ports& ports_;
  membership members_;
  directory where_;
  mover mover_;
  std::set<node_epoch> lived_;
  std::map<std::uint64_t, asked> asked_;
  std::uint64_t next_request_ = 1;
  std::optional<draining> draining_;
  instant now_{};
};

} // namespace troupe::cluster
