#pragma once

#include "runtime/agent/behaviour.hpp"
#include "runtime/agent/mailbox.hpp"
#include "runtime/agent/open_task.hpp"
#include "runtime/agent/turn.hpp"
#include "runtime/door/node_api.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// One activation of one agent: mailbox, marks, turns on their way to the journal, output gate, crash counts.
/// A plain state machine: inputs are calls, outputs are actions; the CAF host and the simulator drive the
/// same class.
class agent_cell {
public:
  struct options {
    troupe::mailbox::limits queue;
    std::size_t turns_in_flight_max = 64; // then wait for the journal
    milliseconds kept{0};                 // after its last turn, unless its kind says; 0: for ever
    bool unsafe_open_gate = false;        // test only: outputs do not wait for the journal
  };

  agent_cell(const kind_spec* kind, cell_services& services, journal::loaded_agent found, options how);
  ~agent_cell();
  agent_cell(const agent_cell&) = delete;

  /// Replays what is open; call once, before anything else.
  void begin(instant now);

  // Inputs. Each is followed by `work`.
  void deliver(journal::pending_row row) { mailbox_.offer(std::move(row)); }
  void deliver_told(told what);
  void look_again();
  void effects_read(const std::vector<journal::effect_row>& rows);
  void refilled(lane on, journal::pending_window window) { mailbox_.refill(on, std::move(window)); }
  void effect_settled(std::string task, std::string effect, outcome answer);
  void committed(std::uint64_t turn_number, const journal::receipt& receipt, instant now);

  /// Runs turns until nothing more can be done now, at most `turns_max`. True: there is more to do.
  bool work(instant now, std::size_t turns_max);
  std::vector<cell_action> take_actions() { return std::exchange(actions_, {}); }

  // Operator's verbs.
  void stop(const std::string& reason, instant now);
  void restart(restart_mode mode, instant now);
  /// Ends the activation if nothing is in flight; its state is in the journal.
  bool passivate(instant now);

  /// No turn begins from here on: what is on its way to the journal still gets there. For a move.
  void freeze() { frozen_ = true; }
  void thaw() { frozen_ = false; }
  /// Frozen, and what the journal holds is all there is.
  bool still() const noexcept { return frozen_ && in_flight_.empty() && !over_; }
  /// Another node has it.
  void let_go() { end(cell_over::how::moved, "moved to another node"); }
  /// Its supervisor wants it down, whatever it is doing.
  void stand_down() { end(cell_over::how::passivated, "its supervisor stops it"); }

  /// Commits the agent as failed: its supervisor gave up on it.
  void give_up(const std::string& reason, instant now);

  /// No turn begins any more. Turns handed in before may still become durable, and what they let out is still
  /// to be done: the cell is kept until nothing is in flight.
  bool over() const noexcept { return over_; }
  /// Whatever it found to do at its activation, one turn of it has run; or there was nothing.
  bool first_turn_over() const;
  bool in_flight() const noexcept { return !in_flight_.empty(); }
  instant next_wake() const;
  const agent_id& id() const noexcept { return found_.id; }
  std::uint64_t birth() const noexcept { return found_.birth; }
  std::uint64_t turns() const noexcept { return turns_; }
  std::uint64_t epoch() const noexcept { return found_.epoch; }
  agent_state state() const;
  std::uint32_t depth() const;
  agent_view view(bool details, instant now) const;
  std::vector<mail_view> queued(std::size_t limit) const;

private:
  struct flight {
    std::uint64_t number = 0;
    std::vector<cell_action> after;
    std::vector<settled_effect> then;
    std::vector<turn::call_sent> calls;
  };

  turn new_turn() const;
  bool step(instant now);
  bool step_control(instant now);
  bool step_settled(instant now);
  bool step_due(instant now);
  bool step_mail(instant now);
  bool step_told(instant now);
  void refuse_told(const told& what, const std::string& kind, const std::string& why);
  bool refuse_all_told(const std::string& why);
  bool nothing_queued() const;
  bool step_retire(instant now);
  bool retires() const;
  bool step_shell(instant now);
  bool step_shell_control(instant now);
  bool is_given_up(const mail& m, instant now) const;
  instant shell_due() const;
  void tell_unavailable(const envelope& call, turn& t, instant now);
  void dead_letter_unread(const mail& m, turn& t, instant now);
  void handle_control(const mail& m, turn& t, instant now, verdict& went);
  std::uint64_t taken_from(const mail& cancel) const;
  void conclude(turn t, const verdict& went, const mail* m, instant now);
  void crashed(const verdict& went, const mail* m, instant now);
  void fail_agent(const std::string& reason, instant now);
  void submit(turn t, instant now);
  void mark(turn& t, const mail& m);
  void note_due(turn& t, instant now);
  void end(cell_over::how how, std::string problem);
  void cut_off(cell_over::how how, std::string problem);
  std::uint32_t crash_count(const std::string& subject) const;
  void add_why(agent_view& into, instant now) const;
  void give_up_stored_tasks(turn& t, bool retry, instant now);
  void end_stored_task(const task_row& began, turn& t, instant now);

  const kind_spec* kind_;
  cell_services& services_;
  journal::loaded_agent found_; // rows are handed to the behaviour and dropped after `begin`
  options options_;
  mailbox mailbox_;
  std::unique_ptr<behaviour> behaviour_;
  std::map<std::uint64_t, std::uint64_t> mail_marks_; // highest mail number taken, per sender seen
  std::map<std::string, std::uint32_t, std::less<>> crashes_;
  fifo<settled_effect> settled_;
  fifo<flight> in_flight_;
  std::vector<cell_action> actions_;
  instant last_now_{};
  instant stored_due_ = never;
  std::uint64_t next_turn_ = 1;
  std::uint64_t turns_ = 0;
  std::string refused_; // why this build cannot run the agent; it stays as it is
  bool over_ = false;
  bool frozen_ = false;
  bool poisoned_ = false;
};

} // namespace troupe
