#pragma once

#include "config/diagnostic/source.hpp"
#include "workflows/plan/policy.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace troupe::workflow {

struct step;
using steps = std::vector<const step*>; // owned by the plan

/// What a step does: it has exactly one verb.
enum class verb : std::uint8_t {
  agent,
  tell,
  sequence,
  parallel,
  choice,
  map,
  loop,
  race,
  attempt, // `try`
  approval,
  decide,
  wait,
  receive,
  workflow,
  emit,
  set,
  fail,
  leave, // `return`
  stop,  // `break`
  undo,
};
std::string_view to_string(verb v) noexcept; // as written in a file

/// `agent` + `action`, and `tell`.
struct call_body {
  formula agent;                        // kind, nearly always a literal
  formula key;                          // absent: one agent per run
  std::optional<std::uint32_t> version; // of the agent
  std::string action;
};

struct sequence_body {
  steps children;
};

enum class join_rule : std::uint8_t { all, any, at_least, settled };

struct parallel_body {
  join_rule join = join_rule::all;
  std::uint32_t at_least = 0;
  bool cancel_on_failure = true; // else wait for the rest
  steps branches;                // sequences; their segment is the branch's name
};

struct choice_arm {
  formula when; // absent: else
  const step* body = nullptr;
};
struct choice_body {
  std::vector<choice_arm> arms;
};

enum class item_failure : std::uint8_t { cancel, wait, skip };

struct map_body {
  formula over;
  std::string as = "item";
  formula key;                    // absent: the index stands for the item
  std::uint32_t max_parallel = 0; // 0: the house's limit
  item_failure on_failure = item_failure::cancel;
  const step* body = nullptr;
};

struct loop_body {
  formula condition;
  bool until = false;
  formula max;
  bool fail_when_exhausted = true;
  const step* body = nullptr;
};

struct race_body {
  steps branches;
};

struct catch_clause {
  std::vector<std::string> on; // error kinds; empty: all
  std::string as;              // empty: `error`
  const step* body = nullptr;
};
struct attempt_body {
  const step* body = nullptr;
  std::vector<catch_clause> handlers;
  const step* finally = nullptr; // or null
};

enum class approval_default : std::uint8_t { none, approve, reject, fail };

struct approver_rule {
  formula role;
  formula users;    // list of names
  formula not_user; // `not`: four eyes
  formula quorum;   // absent: 1
};

struct approval_body {
  formula title;
  formula show;
  approver_rule by;
  formula edit;
  std::vector<milliseconds> remind;
  milliseconds escalate_after{0}; // zero: never
  approver_rule escalate_to;
  milliseconds deadline{0}; // zero: none
  approval_default when_late = approval_default::none;
};

struct decide_body {
  formula agents; // list of kinds
  formula question;
  formula options;
  formula criteria;
  std::uint32_t quorum = 0; // 0: all
};

struct wait_body {
  formula span;  // a duration
  formula until; // or an instant
};

struct receive_body {
  formula signal;
  formula correlate;
  std::shared_ptr<const schema> shape;
  milliseconds timeout{0}; // zero: none
  formula otherwise;       // `default`: what a time-out answers; absent: it fails
};

struct sub_workflow_body {
  std::string name;
  bool detach = false;
};

struct emit_body {
  formula event;
  formula data;
};

struct set_body {
  std::vector<std::pair<std::string, formula>> values; // in the order written
};

struct fail_body {
  formula kind;
  formula message;
};

struct value_body { // return, break
  formula value;
};

struct undo_body {
  std::string id;
};

using step_body = std::variant<sequence_body, call_body, parallel_body, choice_body, map_body, loop_body,
                               race_body, attempt_body, approval_body, decide_body, wait_body, receive_body,
                               sub_workflow_body, emit_body, set_body, fail_body, value_body, undo_body>;

/// One step of a workflow, or one of the sequences that a verb holds (a branch, an arm, an item's steps).
/// Immutable once its plan is made.
struct step {
  verb what = verb::sequence;
  std::string id; // as given; empty: none
  std::string
      segment; // its part of a path: the id, else the verb and its number among the unnamed of its list
  const step* parent = nullptr; // null: the plan's own list
  config::range where;
  step_body body;

  std::string name; // for people
  formula phase;
  formula condition; // `if`
  formula with;
  formula idempotency_key;
  retry_policy retry;
  milliseconds timeout{0};  // per try; zero: none
  milliseconds deadline{0}; // in all; zero: none
  budget limit;
  effect_class effect = effect_class::at_least_once;
  const step* reconcile = nullptr;  // an agent step
  const step* compensate = nullptr; // a sequence
  output_rule output;
  cache_rule cache;
  placement place;
  std::optional<supervision_rule> supervision; // of the agent, for this step; else the agent's own
  bool stream = false;
  std::string since;  // upgrade: runs begun before this version may lack it
  formula if_missing; // its result for them
};

} // namespace troupe::workflow
