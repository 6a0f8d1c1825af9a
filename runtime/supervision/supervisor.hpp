#pragma once

#include "runtime/base/time.hpp"
#include "runtime/supervision/child.hpp"
#include "runtime/supervision/restart_window.hpp"
#include "runtime/supervision/supervision_policy.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace troupe::supervision {

/// Decides what follows when a child ends. Inputs are calls with the time they happen at, outputs are
/// decisions; nothing is stored and nobody is called: a node, a simulator or a supervisor above carries them
/// out.
class supervisor {
public:
  /// Who hears that this supervisor gives up: the one above, or nobody (its children fail).
  enum class place : bool { top, nested };

  /// `policy` has been validated. `random` outlives the supervisor.
  supervisor(std::string name, const supervision_policy& policy, const std::vector<child_spec>& children,
             place where, random_source& random);

  /// The child runs: by mail, by an operator, or because it was to be started.
  void started(const child_id& child);

  /// The child no longer runs, and that is all right: passivated, stopped by an operator, moved away.
  decisions withdrawn(const child_id& child, instant now);

  /// The child ended by itself, or as it was told by `stop`. `why` is one sentence.
  decisions ended(const child_id& child, end_kind how, const std::string& why, instant now);

  /// The message or task that made the child crash has been ended (CORE.md §5): its crashes no longer count
  /// here. Comes before the `ended` of that crash.
  void poisoned(const child_id& child);

  /// Starts what is due. Siblings that restart together wait until the last of them has stopped.
  decisions due(instant now);
  instant next_due() const;

  /// The first start: all but temporary children, in order.
  decisions boot(instant now);

  // The supervisor above.
  decisions stop_all();                          // in reverse order; what ran is held until `resume`
  decisions resume(instant now);                 // starts what was held; the first time, everything
  decisions fail_all(const std::string& reason); // in reverse order; held until `resume` too
  bool settled() const noexcept;                 // nothing is stopping any more

  /// An operator's restart: forgets the past, and starts the child with those that failed because of it.
  decisions revive(const child_id& child, instant now);

  /// Mail may not activate the child now: it stops, waits for its restart, or has failed.
  bool holds(const child_id& child) const;

  bool knows(const child_id& child) const;
  child_state state_of(const child_id& child) const;
  std::vector<child_view> view() const;
  std::size_t recent_restarts(instant now) const { return window_.count(now); }
  const std::string& name() const noexcept { return name_; }
  const supervision_policy& policy() const noexcept { return policy_; }

  /// From then on a supervisor that heard of nothing else has nothing to remember.
  instant quiet_at() const noexcept { return last_news_ + policy_.within; }

private:
  struct entry {
    child_id id;
    restart_type restart;
    backoff pace;
    child_state state = child_state::down;
    bool again = false;    // stopping: becomes waiting, not down
    instant due = never;   // waiting, or stopping and coming again
    std::size_t cause = 0; // failed: the child because of which
    std::string reason = {};
  };
  struct range {
    std::size_t first = 0;
    std::size_t last = 0; // one past
  };

  std::size_t find(const child_id& child) const;
  range radius(std::size_t child) const;
  backoff& pace_of(std::size_t child);
  void forget_crashes();
  decisions stopped(entry& child, instant now);
  decisions not_restarted(std::size_t child, end_kind how, const std::string& why);
  decisions restart(std::size_t child, const std::string& why, instant now);
  decisions give_up(std::size_t child, const std::string& why, instant now);
  decisions fail_radius(std::size_t child, const std::string& reason);
  void stop_for_restart(range which, std::size_t but, instant due, decisions& into);
  static void plan(entry& child, instant due);
  bool blocked() const noexcept;

  std::string name_;
  supervision_policy policy_;
  place where_;
  random_source& random_;
  restart_window window_;
  backoff pace_; // where siblings restart together they wait together
  std::vector<entry> children_;
  instant last_news_{};
  bool begun_ = false;
};

} // namespace troupe::supervision
