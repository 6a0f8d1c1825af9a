#pragma once

#include "runtime/address/agent_id.hpp"
#include "runtime/base/time.hpp"
#include "runtime/supervision/supervision_policy.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe::supervision {

/// What a supervisor looks after: an agent, or another supervisor with all below it.
struct child_id {
  agent_id agent;         // empty: a supervisor
  std::string supervisor; // empty: an agent

  static child_id of(agent_id id) { return {std::move(id), {}}; }
  static child_id nested(std::string name) { return {{}, std::move(name)}; }
  bool is_agent() const noexcept { return supervisor.empty(); }
  std::string text() const { return is_agent() ? agent.text() : supervisor; }
  bool operator==(const child_id&) const = default;
};

/// A child as it is declared; children start in the order of their declaration and stop in reverse.
struct child_spec {
  child_id id;
  std::optional<restart_type> restart; // absent: the policy's
};

/// How a child ended. Passivation, a move or an operator's stop are no ends: see `supervisor::withdrawn`.
enum class end_kind : std::uint8_t {
  normal,  // it was done
  crashed, // an exception, a watchdog's abort, a fatal signal; a nested supervisor that gave up
  failed   // it cannot run, and a restart would not help: a person must decide
};

enum class child_state : std::uint8_t {
  down,     // does not run and need not: not begun, passive, done
  running,  // or told to start
  stopping, // told to stop, has not ended yet
  waiting,  // will be started when due; held by the supervisor above if it is never due
  failed    // stays down until `revive`
};
std::string_view to_string(child_state s) noexcept;

/// What the node is to do, in the order given.
enum class action : std::uint8_t {
  stop,    // end the activation now; report it with `ended` or `withdrawn`
  plan,    // nothing to do: the child will be started at `at`, mail may not activate it before
  start,   // activate now; clears a failure
  fail,    // end the activation and keep the agent down, for `reason`
  escalate // the supervisor above has been asked: for the log, or, without a tree, to be carried there
};
std::string_view to_string(action a) noexcept;

struct decision {
  action what = action::plan;
  child_id child; // escalate: the supervisor that gave up
  instant at{};   // plan: when
  std::string reason;
};
using decisions = std::vector<decision>;

struct child_view {
  child_id id;
  child_state state = child_state::down;
  restart_type restart = restart_type::permanent;
  instant due = never; // waiting
  std::string reason;  // of the last crash or of the failure
};

} // namespace troupe::supervision
