#pragma once

#include "cluster/member/member.hpp"
#include "cluster/member/probing.hpp"

#include <optional>
#include <utility>
#include <variant>

namespace troupe::cluster {

// What membership asks of whoever drives it.

struct read_members {};
struct put_member {
  journal::member_row row;
  bool if_expired = false;
};
struct renew_lease {};
struct send_probe {
  node_epoch to = 0;
  probe_message what;
};
/// Run no turn until thawed: the others may believe this node dead soon.
struct freeze_agents {};
struct thaw_agents {};
/// The row says that this node is dead or has left.
struct end_node {
  std::string why;
  bool fenced = false; // others declared it dead; else it left
};
/// The living have changed; agents of the dead may be claimed.
struct members_changed {};
struct say {
  std::string sentence; // for the log
};

using membership_action = std::variant<read_members, put_member, renew_lease, send_probe, freeze_agents,
                                       thaw_agents, end_node, members_changed, say>;

/// One node's part in the membership (CORE.md §9). Pure: the clock, the store and the links are the driver's.
/// `now` is the node's own monotonic clock; leases of others are judged by the store's clock alone.
class membership {
public:
  struct options {
    milliseconds lease{10'000};
    milliseconds renew_every{2'000};
    milliseconds margin{3'000}; // frozen that long before the own lease may be over
    milliseconds read_every{1'000};
    probing::options probes;
    std::size_t votes_needed = 2;
  };

  /// `self` carries what the others shall know; its epoch is that of this opening of the store.
  membership(options how, member self);

  void start(instant now);
  void tick(instant now);
  void members_read(const result<journal::member_list>& found, instant now);
  void put_done(node_epoch about, const result<std::uint64_t>& version, instant now);
  void renewed(const result<journal::lease_grant>& grant, instant asked_at, instant now);
  void received(node_epoch from, const probe_message& what, instant now);
  /// The connection broke, as when a process dies.
  void link_lost(node_epoch peer, instant now);

  /// An operator changes a member's state; done once a reading of the table shows it.
  void set_state(node_epoch of, journal::member_state to, std::string reason);
  /// This node goes, with nothing left that is its own.
  void leave(std::string reason) { set_state(self_.epoch, journal::member_state::left, std::move(reason)); }

  std::vector<membership_action> take_actions() { return std::exchange(actions_, {}); }
  instant next_tick() const noexcept { return next_tick_; }

  bool serving() const noexcept { return phase_ == phase::serving; }
  const std::map<node_epoch, member>& members() const noexcept { return members_; }
  const member& self() const noexcept { return self_; }
  bool lives(node_epoch node) const;
  /// What to add to the node's clock to have the store's.
  milliseconds store_offset() const noexcept { return offset_; }

private:
  enum class phase : std::uint8_t { reading, joining, serving, frozen, ended };
  struct wanted_state {
    journal::member_state to{};
    std::string reason;
  };

  void join();
  void declare_former_self_dead();
  void declare_expired(instant store_now, instant now);
  void cast_votes(instant store_now, instant now);
  void apply_wanted();
  void put(member changed, bool if_expired = false);
  void end(std::string why, bool fenced);
  void see_self(const journal::member_list& found, instant now);
  bool may_judge(instant now) const;
  std::size_t living() const;

  options options_;
  member self_;
  phase phase_ = phase::reading;
  std::map<node_epoch, member> members_;
  std::map<node_epoch, wanted_state> wanted_;
  std::map<node_epoch, std::uint64_t> putting_; // rows with a write under way, by the version written over
  probing probes_;
  std::vector<membership_action> actions_;
  bool reading_ = false;
  bool renewing_ = false;
  std::optional<instant> lease_from_;     // the last renewal that came through was asked for then
  std::optional<instant> unbroken_since_; // renewals have followed each other within a lease since
  instant next_read_{};
  instant next_renewal_{};
  instant next_tick_{};
  instant last_tick_{};
  milliseconds offset_{0};
};

} // namespace troupe::cluster
