#pragma once

#include "cluster/message/message.hpp"

#include <functional>
#include <map>
#include <set>
#include <utility>

namespace troupe::cluster {

// What a migration asks of whoever drives it.

struct send_step {
  node_epoch to = 0;
  move_step step;
};
/// Let the agent stand still, then `frozen`.
struct freeze_agent {
  std::uint64_t move = 0;
  agent_id id;
};
struct thaw_agent {
  agent_id id;
};
/// It is the target's now: end the activation here, send on what arrives.
struct let_go_agent {
  agent_id id;
  node_epoch to = 0;
};
/// Make the agent this node's in the store, then `took`.
struct take_agent {
  node_epoch from = 0;
  std::uint64_t move = 0;
  agent_id id;
  std::uint64_t epoch = 0;
};
/// Read who owns the agent, then `owner_found`.
struct find_owner {
  std::uint64_t move = 0;
  agent_id id;
};
using move_action = std::variant<send_step, freeze_agent, thaw_agent, let_go_agent, take_agent, find_owner>;

/// Both ends of this node's migrations (docs/cluster.md). Pure. The commit point is one compare-and-set by
/// the target; what the source may do hangs on what it knows of that: before it asks for it, it may call off;
/// once it has asked, only the target's answer or the agent's row tells.
class mover {
public:
  struct options {
    milliseconds patience{5'000};      // for each step
    std::function<double()> stopwatch; // milliseconds, for reports only
  };

  mover(options how, node_epoch self)
      : options_(std::move(how))
      , self_(self) {}

  void begin(const agent_id& id, const std::string& from_name, node_epoch to, const std::string& to_name,
             answer<move_report> done, instant now);
  /// `refusal`: why this node would not take an agent of that kind now; empty: it would.
  void received(node_epoch from, const move_step& step, const std::string& refusal, instant now);
  void frozen(std::uint64_t move, const result<std::uint64_t>& epoch, instant now);
  void took(node_epoch from, std::uint64_t move, const agent_id& id, const result<std::uint64_t>& epoch);
  /// The owner's node epoch and the activation's epoch, as the row says.
  void owner_found(std::uint64_t move, const result<std::pair<node_epoch, std::uint64_t>>& row, instant now);
  void node_gone(node_epoch node, instant now);
  void tick(instant now);

  std::vector<move_action> take_actions() { return std::exchange(actions_, {}); }
  std::size_t under_way() const noexcept { return moves_.size(); }

private:
  enum class phase : std::uint8_t { preparing, freezing, reading, switching, unknown };
  struct move {
    agent_id id;
    node_epoch to = 0;
    phase at = phase::preparing;
    bool still = false; // frozen here
    std::uint64_t epoch = 0;
    instant until{};
    double phase_began = 0;
    double freeze_began = 0;
    move_report report;
    answer<move_report> done;
  };
  using moves = std::map<std::uint64_t, move>;

  void enter(move& m, phase next, const char* ended, instant now);
  void ask_to_take(std::uint64_t number, move& m, instant now);
  void succeed(moves::iterator at, std::uint64_t epoch);
  void call_off(moves::iterator at, const std::string& why);
  void lost_touch(moves::iterator at, const std::string& why, instant now);

  options options_;
  node_epoch self_;
  moves moves_;
  std::set<std::pair<node_epoch, std::uint64_t>> taking_; // as target
  std::vector<move_action> actions_;
  std::uint64_t next_ = 1;
};

} // namespace troupe::cluster
