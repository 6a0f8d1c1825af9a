#pragma once

#include "runtime/address/agent_id.hpp"
#include "runtime/base/json_fwd.hpp"
#include "runtime/base/time.hpp"
#include "runtime/message/envelope.hpp"
#include "runtime/task/effects.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

class task_run;

/// How a call is made. The constructor is written out: gcc 12 destroys aggregate temporaries twice when they
/// stand in an expression with co_await.
struct call_options {
  std::optional<milliseconds> deadline; // default 30 s, never later than the caller's own
  std::string key;                      // deduplication key; default: the effect's id
  call_options() {}
  call_options& within(milliseconds d) {
    deadline = d;
    return *this;
  }
  call_options& keyed(std::string k) {
    key = std::move(k);
    return *this;
  }
};

/// Where a handler gets everything from: time, randomness, state and all I/O. Between two awaits a handler is
/// pure; whatever it awaits is journaled, so that a crash or a move resumes it where it stood.
class context {
public:
  explicit context(task_run& run)
      : run_(run) {}
  context(const context&) = delete;

  const agent_id& self() const;
  const envelope& message() const; // what this task answers
  /// Reads `kind/key`, of this agent's tenant: worth keeping for an address used again and again.
  agent_id address(std::string_view to) const;
  instant now() const; // the turn's recorded time, never backwards
  std::uint64_t random();
  std::string uuid();

  /// State documents of the agent. `get` of an absent key is null.
  json get(std::string_view key);
  void put(std::string_view key, const json& value);
  void erase(std::string_view key);

  /// Durable request and answer. An address is `kind/key`; bare `kind` means the key `main`.
  json_effect call(std::string_view to, std::string type, const json& body);
  json_effect call(std::string_view to, std::string type, const json& body, call_options options);
  result_effect try_call(std::string_view to, std::string type, const json& body);
  result_effect try_call(std::string_view to, std::string type, const json& body, call_options options);

  /// Durable message. False when the receiver's queue is full (`overloaded`): nothing was sent.
  bool send(std::string_view to, std::string type, const json& body);
  /// At most once, in order per link, not in the journal; leaves only once this turn is durable.
  void tell(std::string_view to, std::string type, const json& body);
  void tell(const agent_id& to, std::string type, const json& body);
  /// A question outside the journal: at most once, neither it nor its answer survives a crash of either side.
  /// Nothing is written for it where the task has written nothing so far. The deadline is a call's.
  json_effect query(std::string_view to, std::string type, const json& body);
  json_effect query(const agent_id& to, std::string type, const json& body, milliseconds deadline);
  /// Wakes a `wait_signal` of that name and correlation, now or later.
  void signal(std::string_view to, std::string name, std::string correlation, const json& body);

  void_effect sleep(milliseconds d);
  void_effect sleep_until(instant due);
  json_effect wait_signal(std::string name, std::string correlation);
  json_effect wait_signal(std::string name, std::string correlation, milliseconds timeout);

  /// A durable timer that sends this agent `type` at `due`; the same name replaces it.
  void set_timer(std::string name, instant due, std::string type, const json& body);
  void clear_timer(std::string name);

  /// Runs `work` on a worker thread at least once and records what it returns. It must own what it uses: a
  /// canceled task does not wait for it.
  json_effect run(std::string name, std::function<json()> work);
  /// An outside effect carried out by the executor registered for `verb`, under a key that never changes.
  json_effect outside(std::string verb, std::string target, const json& body);
  json_effect outside(std::string verb, std::string target, const json& body, milliseconds timeout);

  /// Which version of a changed piece of handler this task runs: the newest for tasks begun now, 0 for older
  /// ones.
  std::uint32_t version(std::string change, std::uint32_t newest);
  void emit(std::string kind, const json& detail);

  /// `co_return ctx.continue_with(input);` ends this task and begins the next with the same caller, in one
  /// commit.
  json continue_with(const json& input);

  task_run& internals() { return run_; }

private:
  ask make_call(std::string_view to, std::string type, const json& body, call_options options);
  task_run& run_;
};

} // namespace troupe
