#pragma once

#include "config/result.hpp"
#include "runtime/address/agent_id.hpp"
#include "workflows/plan/plan.hpp"
#include "workflows/run/instance.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::workflow {

/// Somebody who called `start` and waits for the run's end.
struct waiting_caller {
  agent_id from;
  std::string type;
  std::string call_key;
  std::uint32_t attempt = 0;
};

/// A signal or correlated message that no `receive` has taken yet.
struct stored_signal {
  std::string name;
  std::string correlation;
  std::string id; // of its message: the same one twice is one
  value body;
};

/// A run, folded. The instances point into the plan; everything else is a value.
struct run_record {
  std::string id; // its agent's key
  std::string tenant;
  std::function<std::string(std::string_view)> secret; // what stands for one in the journal
  std::string workflow;
  std::string plan_hash;
  std::shared_ptr<const plan> definition;

  run_state state = run_state::none;
  std::string phase;
  bool paused = false;
  bool never_parks = false; // an agent's action: its caller is told instead of a person
  std::uint32_t epoch = 0;  // grows with each retry by a person; an agent's actions are numbered by it
  instant until = never;    // the caller's deadline
  bool closing = false;     // the body has ended as `planned`; compensation may still run
  ending planned;
  std::string key_salt; // changes with `retry --new-key`
  std::string started_by;
  std::string trace;
  std::string forked_from;
  std::string lock;   // the concurrency key it holds or waits for; empty: none
  std::string joined; // the run whose end is its own
  instant started{};
  instant ended{};
  instant now{}; // time of the last record

  value env; // what the config allowed when it was pinned
  value input;
  value event; // what triggered it
  value output;
  failure error;
  std::vector<std::pair<std::string, value>> vars;
  std::vector<std::pair<std::string, std::string>> attributes; // `search`
  std::vector<agent_id> chain;                                 // of the call it serves
  std::vector<waiting_caller> callers;
  std::vector<stored_signal> signals;
  std::vector<std::string> signals_seen; // ids that senders gave, the last ones
  std::vector<std::string> undo;         // paths still to compensate before it ends
  std::uint64_t endings = 0;             // steps ended so far
  std::uint64_t tokens = 0;
  std::uint64_t micro_usd = 0;
  std::vector<std::string> waits; // commands of the run itself without an answer: "#deadline"

  std::unique_ptr<instance> root;

  const value* find_var(std::string_view name) const;
  void set_var(const std::string& name, value v);
};

/// Of run and path, with iterations: the same over retries, restarts and moves.
std::string stable_key(const run_record& run, const instance& step);

/// The whole record as JSON text, and back; the plan is known by its hash already.
std::string encode(const run_record& run);
/// A definition as a run keeps it, with the environment it was pinned in.
struct kept_plan {
  std::shared_ptr<const plan> made;
  value env;
};
using known_plans = std::map<std::string, kept_plan>; // by key of the pin
result<void> decode(std::string_view text, const known_plans& known, run_record& into);

} // namespace troupe::workflow
