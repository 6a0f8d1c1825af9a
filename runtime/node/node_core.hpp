#pragma once

#include "runtime/journal/journal.hpp"
#include "runtime/node/peers.hpp"
#include "runtime/supervision/groups_file.hpp"
#include "runtime/supervision/one_at_a_time.hpp"
#include "runtime/supervision/supervision_tree.hpp"

#include <deque>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace troupe {

// What the node asks of whoever drives it (CAF shell or simulator).

/// Take the agent over in the store, then `claimed`. With a former owner: from that one, at that epoch, or
/// not at all.
struct claim_agent {
  agent_id id;
  bool create = false;
  std::uint64_t from = 0;
  std::uint64_t epoch = 0;
};
/// Somebody has something for an agent of that node.
struct tell_node {
  std::uint64_t node = 0;
  agent_id id;
  bool create = false;
  std::uint32_t hops = 0;
};
/// Spawn a host for what was claimed.
struct start_host {
  journal::loaded_agent found;
  std::string fail_with; // not empty: commit the agent as failed with this reason instead of running it
};
/// End the activation at once (a sibling crashed), then `ended`.
struct stop_host {
  agent_id id;
};
/// Rows lie in the store for a running agent: perhaps a hint was lost.
struct look_again {
  agent_id id;
};
/// Commit a running agent as failed: its supervisor gave up on its group.
struct fail_host {
  agent_id id;
  std::string reason;
};
/// Call `tick` at that time.
struct tick_at {
  instant at{};
};
/// Read the store's duties after `cursor`, then `duties_read`.
struct read_duties {
  std::string cursor;
};
/// Control rows for an id nobody created: let the store skip them.
struct skip_orphans {
  agent_id id;
};

using node_action = std::variant<claim_agent, tell_node, start_host, stop_host, look_again, fail_host,
                                 tick_at, read_duties, skip_orphans>;

/// Which agents of this node are active, are becoming so, or wait for their restart. Pure.
class node_core {
public:
  struct options {
    std::size_t claims_in_flight_max = 512; // after a crash with many open agents: a steady stream, no flood
    supervision::supervision_policy supervision;
    supervision::supervision_plan declared; // read and found to fit
    std::vector<agent_id> suspects;         // whose turns ran when the last process ended uncleanly
    peers* others = nullptr;                // null: this node is alone
  };

  node_core(const options& how, random_source& random);

  supervision::supervision_tree& supervision() noexcept { return tree_; }
  /// Starts what is declared to run from the beginning, and whoever ran when the last process ended
  /// uncleanly: those one at a time, until each one's turn has ended.
  void boot(instant now);
  /// The first turn since an agent's activation has ended, or it needs none.
  void turn_ended(const agent_id& id, instant now);

  /// Somebody has something for this agent. `create`: mail creates, control messages do not.
  void wanted(const agent_id& id, bool create, instant now);
  /// Another node believes that the agent is or belongs here.
  void wanted_here(const agent_id& id, bool create, std::uint32_t hops, instant now);
  /// Takes an agent that its owner gives away. False: it is in somebody's hands here already.
  bool take_over(const agent_id& id, std::uint64_t owner, std::uint64_t epoch);
  void claimed(const agent_id& id, result<journal::loaded_agent> found, instant now);
  /// An activation ended by itself or was stopped. The agent is looked at again at `next_due`.
  void ended(const agent_id& id, instant next_due, instant now);
  /// An activation ended by a crash: back-off, then again, or failed for good.
  void crashed(const agent_id& id, bool poisoned, const std::string& problem, instant now);
  /// It runs no more, though its activation stays: its journal cannot be replayed.
  void failed(const agent_id& id, const std::string& reason, instant now);
  /// An operator restarts an agent: what its supervisor remembers of it is forgotten.
  void revive(const agent_id& id, instant now);
  void tick(instant now);
  void sweep(instant now);
  void duties_read(const result<journal::page<journal::duty>>& found, instant now);
  void drain() { draining_ = true; }

  std::vector<node_action> take_actions() { return std::exchange(actions_, {}); }
  std::size_t active() const noexcept { return entries_.size(); }
  bool sweeping() const noexcept { return sweeping_; }
  std::uint64_t crashes() const noexcept { return crashes_; }

private:
  enum class phase : std::uint8_t { queued, claiming, active };
  struct entry {
    agent_id id;
    phase at = phase::queued;
    bool create = false;
    std::uint32_t hops = 0;
    std::uint64_t from = 0; // taken over from that node at that epoch
    std::uint64_t epoch = 0;
    bool again = false; // wanted while its activation was ending
    bool stop = false;  // its supervisor wants it down as soon as it is claimed
    std::string fail_with;
  };

  entry& queue_claim(const agent_id& id, bool create);
  bool belongs_elsewhere(const agent_id& id, bool create);
  void held_elsewhere(const agent_id& id, std::uint64_t owner, instant now);
  void claim_next();
  void admit_suspect(instant now);
  void stop(const agent_id& id, instant now);
  void start(const agent_id& id);
  void fail(const agent_id& id, const std::string& reason);
  void carry_out(const supervision::decisions& made, instant now);
  void plan_tick(instant at);

  options options_;
  supervision::supervision_tree tree_;
  supervision::one_at_a_time suspects_;
  std::unordered_map<address, entry> entries_;
  std::multimap<instant, agent_id> due_; // passive agents with a time of their own
  std::deque<address> queue_;            // waiting for a claim
  std::size_t claiming_ = 0;
  std::vector<node_action> actions_;
  std::uint64_t crashes_ = 0;
  instant next_tick_ = never;
  bool sweeping_ = false;
  bool draining_ = false;
};

} // namespace troupe
