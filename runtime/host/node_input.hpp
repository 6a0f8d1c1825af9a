#pragma once

#include "runtime/door/node_api.hpp"
#include "runtime/journal/journal.hpp"

#include <functional>
#include <string>
#include <variant>

namespace troupe {
class agent_cell;
class node_core;
} // namespace troupe

namespace troupe::host {

// Everything the node's own actor may be told.

struct node_wanted {
  agent_id id;
  bool create = true;
};
/// Another node believes that the agent is or belongs here.
struct node_wanted_here {
  agent_id id;
  bool create = true;
  std::uint32_t hops = 0;
};
/// Its owner gives the agent away: take it, answer the new epoch.
struct node_take_over {
  agent_id id;
  std::uint64_t owner = 0;
  std::uint64_t epoch = 0;
  answer<std::uint64_t> done;
};
/// The living nodes have changed, or this node may run turns again: agents and shards may be without an
/// owner.
struct node_members {};
struct node_shard {
  agent_id id;
  result<journal::loaded_agent> found;
};
struct node_claimed {
  agent_id id;
  result<journal::loaded_agent> found;
};
struct node_ended {
  agent_id id;
  instant next_due = never;
};
/// The retention of a resting agent has passed.
struct node_retired {
  agent_id id;
  std::uint64_t epoch = 0;
};
/// The first turn of an activation has ended, or it needs none.
struct node_turn_ended {
  agent_id id;
};
struct node_crashed {
  agent_id id;
  bool poisoned = false;
  std::string problem;
};
struct node_failed {
  agent_id id;
  std::string reason;
};
struct node_revive {
  agent_id id;
};
/// Test only: a running agent was claimed again, as by a node that believes itself its owner.
struct node_rival {
  result<journal::loaded_agent> found;
};
struct node_tick {};
struct node_sweep {};
struct node_duties {
  result<journal::page<journal::duty>> found;
};
struct node_drain {};
struct node_ask {
  std::function<void(node_core&, instant)> what;
};

/// Something to be done with an agent's cell, which is activated for it if need be.
struct node_operate {
  agent_id id;
  std::function<void(agent_cell&, instant)> use;
  std::function<void(error)> otherwise;
};

struct node_input {
  std::variant<node_wanted, node_wanted_here, node_take_over, node_members, node_shard, node_claimed,
               node_ended, node_retired, node_turn_ended, node_crashed, node_failed, node_revive, node_rival,
               node_tick, node_sweep, node_duties, node_drain, node_ask, node_operate>
      what;
};

} // namespace troupe::host
