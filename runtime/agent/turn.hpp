#pragma once

#include "runtime/agent/mailbox.hpp"
#include "runtime/base/fifo.hpp"
#include "runtime/effects/outcome.hpp"
#include "runtime/journal/rows.hpp"
#include "runtime/message/envelope.hpp"
#include "runtime/message/told.hpp"

#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace troupe {

// What a cell asks its host to do. The host does each at once, in order; what must wait for the journal is
// held back inside the cell until the turn it belongs to is durable (output gate).

struct commit_turn {
  std::uint64_t number = 0; // handed back with the receipt
  journal::turn_commit turn;
};
struct read_pending {
  lane on = lane::mail;
  std::uint64_t after_sender = 0;
};
/// Read the rows of the agent's outside effects, then `cell.effects_read`.
struct read_effects {};
/// Run a recorded piece of work on a worker thread, then `cell.effect_settled(task, effect, …)`.
struct run_work {
  std::string task;
  std::string effect;
  std::function<outcome()> work;
};
struct execute_effect {
  std::string task;
  std::string effect;
  journal::effect_put request;
  bool adopt = false; // its former executor is dead: make this node the executor first
};
struct forget_effect {
  std::string id;
};
struct tell_agent {
  told what;
};
struct answer_query {
  told_answer what;
};
/// The activation is over. The host drops the cell once nothing of it is in flight; `crashed` means the
/// supervisor decides what comes next, `retired` that the store may forget the agent, `moved` that another
/// node has it. May come twice: the journal's refusal of a turn in flight outweighs what came before.
struct cell_over {
  enum class how : std::uint8_t { passivated, crashed, fenced, store_failed, retired, moved };
  how ended = how::passivated;
  std::string problem;
  bool poisoned = false; // a message or task was ended after its third crash
};

using cell_action = std::variant<commit_turn, read_pending, read_effects, run_work, execute_effect,
                                 forget_effect, tell_agent, answer_query, cell_over>;

/// The result of an effect on its way to the task that waits for it.
struct settled_effect {
  std::string task;
  std::string effect;
  outcome answer;
};

/// One turn while it is being made: what will be durable, and what becomes visible only then.
struct turn {
  journal::turn_commit commit;
  std::vector<cell_action> after;
  std::vector<settled_effect> then; // inputs of the agent's own, handled once this turn is durable
  struct call_sent {
    std::size_t row = 0; // index into commit.outbox
    std::string task;
    std::string effect;
  };
  std::vector<call_sent> calls; // whose stream numbers the receipt brings
};

/// How handling one input went.
struct verdict {
  enum class how : std::uint8_t { done, crashed, diverged };
  how went = how::done;
  std::string subject; // what crashed: counted by it; empty: what does not come again
  std::string problem;
  verdict() = default;
  verdict(how w, std::string s, std::string p)
      : went(w)
      , subject(std::move(s))
      , problem(std::move(p)) {}
};

} // namespace troupe
