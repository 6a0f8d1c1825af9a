#pragma once

#include "config/limits.hpp"
#include "runtime/message/envelope.hpp"
#include "runtime/task/ask.hpp"
#include "runtime/task/context.hpp"
#include "runtime/task/documents.hpp"
#include "runtime/task/join.hpp"
#include "runtime/task/task.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// A handler of a coroutine kind.
using handler = task<json> (*)(context&, json);
/// One that awaits nothing: it ends in its first turn, is never replayed, and costs no coroutine.
using plain_handler = json (*)(context&, json);

/// What a running turn may ask of its agent at once. Answers become part of the journal where they matter.
class turn_port {
public:
  virtual ~turn_port() = default;
  /// Empty: `to` takes another mail of this agent; else the error kind (overloaded).
  virtual std::string refuses(const agent_id& to) = 0;
  /// Empty: the call may be made; else the error kind (call_cycle, overloaded, refused).
  virtual std::string refuses_call(const agent_id& to, instant deadline) = 0;
  /// Empty: `to` may be asked; else the error kind (call_cycle).
  virtual std::string refuses_query(const agent_id& to) = 0;
  /// Empty: the agent may have another timer of that name; else the error kind (overloaded).
  virtual std::string refuses_timer(const std::string& name) = 0;
};

/// Everything about a task that does not change while it runs.
struct task_origin {
  std::string id; // ULID
  envelope message;
  std::uint32_t handler_version = 1;
  bool interleaved = false; // state reads are recorded
  milliseconds default_deadline{30'000};
};

/// One run of a handler (of many plain ones, one after the other): its fibers, what they wait for, and the
/// comparison with the journal on replay. Pure: it gets time and answers handed in and returns what each turn
/// came to.
class task_run {
public:
  task_run(task_origin origin, handler start, document_map& documents, turn_port& port);
  ~task_run();
  task_run(const task_run&) = delete;

  /// Live turns.
  turn_result start(instant now);
  turn_result resume(const std::string& effect, outcome answer, instant now);
  turn_result cancel(const std::string& reason, instant now);

  /// Runs a plain handler on the message of the origin, which may be changed between two of them.
  turn_result react(plain_handler plain, instant now);
  envelope& message() noexcept { return origin_.message; }

  /// Runs one recorded turn again. `diverged` when the handler asks for something else than the journal
  /// holds.
  turn_result replay(const turn_record& recorded);

  bool waits_for(const std::string& effect) const { return waiting_.contains(effect); }
  /// What the task waits for, oldest ask first.
  std::vector<const ask*> outstanding() const;
  ask* find(const std::string& effect);
  /// When the first of the effects it waits for is due.
  instant next_due() const;
  bool waits_for_any(ask_kind kind) const;
  bool waits_for_queries_only() const;
  const task_origin& origin() const noexcept { return origin_; }
  std::uint32_t effects() const noexcept { return effects_; }
  std::uint32_t turns() const noexcept { return turns_; }

  // For the context, the effects and the joins.
  instant now() const noexcept { return turn_.record.time; }
  fiber& current() { return *current_; }
  document_map& documents() noexcept { return documents_; }
  turn_port& port() noexcept { return port_; }
  bool replaying() const noexcept { return expected_ != nullptr; }
  bool is_plain() const noexcept { return start_ == nullptr; }
  turn_result& turn() noexcept { return turn_; }
  void ask_for(ask what, std::optional<outcome>& slot);
  outcome note_now(const std::string& verb, const std::string& target, const std::string& arguments,
                   const std::function<outcome()>& decide);
  /// Counts something that becomes a row of the turn's commit; throws `turn_too_wide` beyond the limit.
  void count_row();
  /// Notes something the turn does that has no answer, so that a replay that does otherwise is seen.
  void note_done(const std::string& verb, const std::string& target, const std::string& arguments);
  /// Noted once per task and change; does not count as an effect, so older journals stay comparable.
  std::uint32_t version_of(const std::string& change, std::uint32_t newest);
  std::uint64_t next_random();
  void tell(const agent_id& to, std::string type, std::string body);
  /// Throws what a join that may not begin throws: canceled, too many branches, or a race of nobody.
  void check_join(std::size_t children, bool first_wins);
  fiber* open_fiber(join_group& group);
  void block_on(join_group& group);
  void set_continue(std::string input) { continue_with_ = std::move(input); }

private:
  struct waiter {
    ask what;
    fiber* on = nullptr;
    std::optional<outcome>* slot = nullptr;
    std::uint64_t order = 0;
  };

  void begin_turn(instant now, const turn_record* expected);
  turn_result run_until_blocked();
  void run_ready();
  void settle(const std::string& effect, outcome answer);
  void cancel_below(fiber& top);
  bool mark_canceled(fiber& f);
  void fiber_ended(fiber& f);
  bool diverged() const noexcept { return turn_.ended == turn_result::state::diverged; }
  void conclude();
  void conclude_value(const json& value);
  void conclude_failure(std::exception_ptr why);
  void check_against_journal(ask& asked);
  std::optional<outcome> refused_call(const ask& call);
  outcome note_effect(const std::string& effect, const std::string& verb, const std::string& target,
                      std::uint64_t arguments, const std::function<outcome()>& decide);
  void check_all_asked();
  void diverge(const std::string& now_asks, const std::string& journal_holds);

  task_origin origin_;
  document_map& documents_;
  turn_port& port_;
  context context_;
  handler start_;
  std::vector<std::unique_ptr<fiber>> fibers_; // before root_task_: frames refer to them
  std::optional<task<json>> root_task_;
  std::deque<fiber*> ready_;
  std::map<std::string, waiter> waiting_;
  std::map<std::string, std::uint32_t> versions_;
  std::map<std::string, std::uint32_t> attempts_; // calls made so far, by the key the handler gave
  fiber* current_ = nullptr;
  const turn_record* expected_ = nullptr;
  std::size_t expected_asks_ = 0;
  std::size_t expected_notes_ = 0;
  turn_result turn_;
  std::optional<std::string> continue_with_;
  std::uint64_t next_order_ = 0;
  std::uint64_t first_order_ = 0; // of this turn
  std::uint32_t effects_ = 0;
  std::uint32_t turns_ = 0;
  std::size_t rows_ = 0; // of this turn
};

} // namespace troupe
