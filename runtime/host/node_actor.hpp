#pragma once

#include "runtime/host/caf_types.hpp"
#include "runtime/host/node_shared.hpp"
#include "runtime/node/node_core.hpp"

#include <caf/event_based_actor.hpp>
#include <unordered_set>

namespace troupe::host {

/// The CAF actor around node_core: claims, spawns, sweeps, restarts.
class node_actor : public caf::event_based_actor {
public:
  node_actor(caf::actor_config& config, node_shared& shared);

  caf::behavior make_behavior() override;
  const char* name() const override { return "troupe.node"; }

private:
  void take(node_input& in);
  void operate(node_operate& what, instant now);
  void release_operations(const agent_id& id, const caf::actor& host, const std::string& problem);
  void claimed(node_claimed& what, instant now);
  void take_over(node_take_over& what);
  void sweep_members(instant now);
  void look_after_shards();
  void start_shard(node_shard& what);
  void retire(const node_retired& gone, instant now);
  void sweep(instant now);
  void passivate_idle(instant now);
  void watch_turns(instant now);
  void claim_rivals();
  void start(journal::loaded_agent found, std::string fail_with);
  void do_actions();
  void perform(claim_agent& a);
  void perform(tell_node& a);
  void perform(start_host& a);
  void perform(stop_host& a);
  void perform(look_again& a);
  void perform(fail_host& a);
  void perform(tick_at& a);
  void perform(read_duties& a);
  void perform(skip_orphans& a);

  node_shared& shared_;
  node_core core_;
  std::unordered_map<troupe::address, std::vector<node_operate>> waiting_; // for an activation
  std::unordered_map<troupe::address, answer<std::uint64_t>> arriving_;    // from other nodes
  std::unordered_set<troupe::address> shards_claimed_;                     // not answered yet
};

} // namespace troupe::host
