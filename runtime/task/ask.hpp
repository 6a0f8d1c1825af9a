#pragma once

#include "runtime/address/agent_id.hpp"
#include "runtime/base/time.hpp"
#include "runtime/effects/outcome.hpp"
#include "runtime/message/told.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace troupe {

enum class ask_kind : std::uint8_t { call, timer, signal, outside, run, query };

/// An effect a task waits for. Verb, target and the hash of the arguments are compared on replay; the rest is
/// what the agent needs to carry it out.
struct ask {
  std::string effect; // fiber path and index within the fiber
  ask_kind kind = ask_kind::timer;
  std::string verb;   // "call", "sleep", "signal", "run", "model.generate", …
  std::string target; // agent, signal name, run's name, model segment
  std::uint64_t arguments = 0;
  instant at{};        // turn in which it was asked
  instant due = never; // deadline; for timers the time itself

  agent_id to;      // calls, queries
  std::string type; // calls, queries: handler; signals: correlation
  std::string body; // JSON text of the arguments
  std::string call_key;
  std::uint32_t attempt = 1;
  std::uint64_t call_number = 0; // calls: number of its mail, known once durable
  std::function<outcome()> work; // run
};

/// An effect answered within the turn that asked for it: sends, recorded state reads, versions.
struct note {
  std::string effect;
  std::string verb;
  std::string target;
  std::uint64_t arguments = 0;
  outcome result;
};

/// One turn of a task as the journal keeps it.
struct turn_record {
  instant time{};
  std::string resumed_by; // effect id; empty in the first turn and for a cancellation
  outcome answer;
  bool canceled = false;
  std::string cancel_reason;
  std::vector<ask> asked; // without `work`
  std::vector<note> noted;
  std::string unknown; // fields of a newer build, kept verbatim
};

/// A durable mail the turn sends, besides its calls.
struct sent_mail {
  agent_id to;
  std::string type;
  std::string body;
  bool signal = false;
  std::string correlation;
};

/// A durable timer that begins a handler: mail from the agent to itself.
struct timer_change {
  std::string name;
  bool clear = false;
  instant due{};
  std::string type;
  std::string body;
};

struct emitted_event {
  std::string kind;
  std::string detail;
};

/// What one turn of a task came to. Everything in it becomes durable together or not at all.
struct turn_result {
  enum class state : std::uint8_t { suspended, finished, failed, crashed, continued, diverged };
  state ended = state::suspended;
  outcome reply;             // finished: the handler's value; failed: its effect_failed
  std::string continue_with; // continued: the input of the task that follows
  std::string problem;       // crashed, diverged: what happened
  turn_record record;
  std::vector<sent_mail> mail;
  std::vector<told> tells; // `to` and `items` only, one for each receiver
  std::vector<timer_change> timers;
  std::vector<emitted_event> events;
  std::vector<ask> canceled; // asked in earlier turns, no longer waited for; what this turn asked and
                             // canceled is in `record.asked`, but the task doesn't wait for it
};

} // namespace troupe
