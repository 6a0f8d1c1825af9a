#pragma once

#include "runtime/agent/fold_agent.hpp"
#include "workflows/run/state.hpp"

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::workflow {

/// The verbs that supervisors are written in. Folds one record at a time: whatever follows from it happens at
/// once, and what the world has to do is left in `commands`. Deterministic: no clock, no randomness, no order
/// of addresses.
class engine {
public:
  engine(run_record& run, std::vector<fold_command>& commands)
      : run_(run)
      , commands_(commands) {}

  run_record& run() noexcept { return run_; }
  instant now() const noexcept { return run_.now; }

  // What a supervisor says about its children and itself.
  instance& begin(instance& parent, const step& what, std::string_view segment);
  void finish(instance& self, value result) { end(self, ending::completed(std::move(result))); }
  void fail(instance& self, failure why) { end(self, ending::failed(std::move(why))); }
  /// An attempt failed: it is tried again, or the step gives up.
  void attempt_failed(instance& self, failure why);
  /// Fails where something above handles it, else waits for a person.
  void give_up(instance& self, failure why);
  /// Ends it and all below, `finally` included.
  void stop(instance& self, ending then);
  /// Through `return` and `break`: everything between `from` and `to` is left as completed.
  void leave(instance& from, instance& to, value result);
  void end(instance& self, ending how);

  result<value> evaluate(const formula& f, const instance& where) const;
  /// Evaluates, or fails the step with `invalid`; empty then.
  std::optional<value> demand(const formula& f, instance& self);
  std::optional<std::string> demand_text(const formula& f, instance& self);
  /// A text, or a number or truth value as text.
  std::optional<std::string> demand_key(const formula& f, instance& self);
  std::optional<milliseconds> demand_span(const formula& f, instance& self);

  // What it asks of the world. `name` is the command's within the instance.
  void call(instance& self, std::string_view name, const agent_id& to, const std::string& type,
            const value& body, instant due);
  void send(const agent_id& to, const std::string& type, const value& body);
  void outside(instance& self, std::string_view name, const std::string& verb, const std::string& target,
               const value& body, instant due);
  void compute(instance& self, std::string_view name);
  void timer(instance& self, std::string_view name, instant due);
  void clear(instance& self, std::string_view name);
  void clear_all(instance& self);
  void note(const std::string& event, const instance& about);
  void emit(const std::string& event, const value& data, const instance& by);
  std::string idempotency_key(const instance& self) const;
  /// The name of an attempt's command. A number of its own, also over retries by a person: an executor that
  /// was cut off may still record its result under the old one.
  std::string attempt_name(const instance& self) const;
  /// Fails the step with `invalid` when there can be no agent of that name.
  std::optional<agent_id> demand_agent(const std::string& kind, const std::string& key, instance& self);

  // Compensation.
  /// Steps below that completed, or may have happened, newest first, and are not undone yet.
  std::vector<std::string> undoable(const instance& from) const;
  /// Compensates one after another; `undone` of the owner's supervisor follows.
  void undo(instance& owner, std::vector<std::string> paths);

  /// A call of the run itself, not of a step: the answer comes under `id`.
  void ask(const std::string& id, const agent_id& to, const std::string& type, const value& body);

  // Inputs.
  /// Counts from the start, whether the body begins at once or waits for its turn.
  void arm_deadline();
  void start_run();
  /// There was no body, or there will be none.
  void end_without_body(ending how);
  void answered(const std::string& command, const outcome& answer);
  void due(const std::string& command);
  /// Why it was dropped; empty: a step has taken it, or it is kept for one to come.
  std::string signaled(stored_signal signal);
  /// Nobody will take it: the run's history says so.
  void drop_signal(const stored_signal& signal, const std::string& why);
  void cancel();
  void pause();
  void resume();
  /// Steps out of retries begin again; `path` names one, empty all. invalid: none is there.
  result<void> retry(const std::string& path, bool new_key);

  /// Everything that follows.
  void work();

private:
  struct event {
    enum class kind : std::uint8_t { start, ended } what;
    instance* about;
  };

  void do_start(instance& self);
  void do_ended(instance& self);
  void root_ended();
  void finish_run();
  void end_if_stopped(instance& self);
  bool retries(const instance& self, const failure& why) const;
  instant retry_at(const instance& self) const;
  bool handled_above(const instance& self, const failure& why) const;
  void undo_next(instance& owner);
  void undo_ended(instance& compensation);
  void next_undo_of_run();
  void push(fold_command c, instance& self, std::string_view name);
  instance* waiting(const std::string& command, std::string& name);

  run_record& run_;
  std::vector<fold_command>& commands_;
  std::deque<event> queue_;
  std::string dropped_; // why the last signal was
};

/// May this failure get better by trying again?
bool may_get_better(std::string_view kind) noexcept;
/// Does a list of error kinds name this one? `http.5xx` and `model.*` stand for families; empty: all.
bool names_kind(const std::vector<std::string>& on, std::string_view kind) noexcept;

} // namespace troupe::workflow
