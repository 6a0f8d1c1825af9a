#pragma once

#include "config/limits.hpp"
#include "runtime/agent/kind.hpp"
#include "runtime/agent/turn.hpp"
#include "runtime/door/views.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace troupe {

/// What a cell needs from the node it lives on. Answers at once, on the cell's thread.
class cell_services {
public:
  virtual ~cell_services() = default;
  virtual random_source& random() = 0;
  virtual const kind_spec* find_kind(std::string_view name) const = 0;
  virtual std::uint32_t pending_count(std::uint64_t sender_birth, const address& to) const = 0;
  virtual std::uint32_t pending_count(std::uint64_t sender_birth) const = 0;
  virtual std::uint32_t sender_pending_max() const = 0; // of the above
  virtual std::uint64_t node_epoch() const = 0;
  /// Can an effect in the hands of that node still come to an end there?
  virtual bool executor_gone(std::uint64_t epoch) const { return epoch != node_epoch(); }
  virtual milliseconds call_deadline() const = 0;
  /// Around every run of a handler: what the watchdog and the flight recorder see. `subject` is what a crash
  /// counts against.
  virtual void turn_begins(const agent_id& agent, const std::string& subject) = 0;
  virtual void turn_ends() = 0;
  /// Ephemeral messages that nobody will handle.
  virtual void told_in_vain(std::size_t count) = 0;
};

/// Brackets one run of a handler.
class running_turn {
public:
  running_turn(cell_services& services, const agent_id& agent, const std::string& subject)
      : services_(services) {
    services_.turn_begins(agent, subject);
  }
  ~running_turn() { services_.turn_ends(); }
  running_turn(const running_turn&) = delete;

private:
  cell_services& services_;
};

/// The half of an agent that differs between coroutine and fold kinds. Each input adds to one turn; a turn
/// that crashed is thrown away by the cell.
class behaviour {
public:
  virtual ~behaviour() = default;

  static constexpr std::uint64_t all_taken = UINT64_MAX; // of `on_cancel`: nothing of that sender is pending

  /// How often each subject has crashed; asked before a turn that a fatal signal may have ended three times.
  using crash_counts = std::map<std::string, std::uint32_t, std::less<>>;
  void know_crashes(const crash_counts* counts) noexcept { crashes_ = counts; }

  /// Takes over what the journal holds: replays open tasks or folds records. An error means that this build
  /// cannot run the agent (newer state, unknown handler version); nothing is changed then.
  virtual result<verdict> load(const journal::loaded_agent& found, instant now) = 0;
  /// What has to be done again for effects still open: work to run, requests whose executor is dead. Results
  /// already recorded go to `settled`.
  virtual void rearm(const journal::loaded_agent& found, std::vector<cell_action>& actions,
                     fifo<settled_effect>& settled) = 0;
  /// The rows of its outside effects, read again: results others recorded, requests whose executor has died.
  virtual void take_up(const std::vector<journal::effect_row>& rows, std::vector<cell_action>& actions,
                       fifo<settled_effect>& settled) = 0;
  /// Has an effect of its been under way since before this activation, here or on another node? The news of
  /// its end may have missed this activation: its row says it, too.
  bool in_other_hands() const noexcept { return in_other_hands_; }

  /// May another message be begun now? (An exclusive agent with an open task says no.)
  virtual bool takes_mail() const = 0;
  virtual verdict on_mail(const mail& m, turn& t, instant now) = 0;
  /// One of the items of an ephemeral message. A crash in it counts against nobody: it does not come again.
  virtual verdict on_told(const told& what, std::size_t item, turn& t, instant now) = 0;
  virtual verdict on_reply(const envelope& e, turn& t, instant now) = 0;
  /// `mail_mark`: the highest mail number taken from the canceler's stream, as far as it is known.
  virtual verdict on_cancel(const envelope& e, std::uint64_t mail_mark, turn& t, instant now) = 0;
  virtual verdict on_signal(const mail& m, turn& t, instant now) = 0;
  /// An effect carried out by this node has ended.
  virtual verdict on_settled(const std::string& task, const std::string& effect, const outcome& answer,
                             turn& t, instant now) = 0;
  /// Does one thing that is due; false when nothing is.
  virtual bool has_due(instant now) const = 0;
  virtual verdict on_due(turn& t, instant now) = 0;
  virtual instant next_due() const = 0;
  /// As the store keeps it: when somebody must wake the agent though nothing arrives. Earlier than next_due()
  /// while it has something to do that lies in no row.
  virtual instant wake_at() const { return next_due(); }

  /// Ends the message or task that crashed for the third time; `m` when it was a message's first turn.
  virtual void end_poisoned(const std::string& subject, const mail* m, const std::string& problem, turn& t,
                            instant now) = 0;
  /// Ends every open task; callers are told `kind`.
  virtual void abandon(const std::string& kind, const std::string& why, turn& t, instant now) = 0;

  virtual void numbered(const turn::call_sent& call, std::uint64_t number) = 0;
  virtual bool waiting() const = 0;        // a task or command is open
  virtual bool keeps_anything() const = 0; // a signal, an answer somebody may ask for again
  virtual bool quiet() const = 0;          // nothing in memory that activation would not bring back
  virtual void describe(agent_view& into, bool details) const = 0;

protected:
  bool in_other_hands_ = false;

  bool poisoned(const std::string& subject) const {
    auto found = crashes_->find(subject);
    return found != crashes_->end() && found->second >= limits::poison_crashes_max;
  }

private:
  static inline const crash_counts none_{};
  const crash_counts* crashes_ = &none_;
};

} // namespace troupe
