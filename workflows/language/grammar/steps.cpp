#include "workflows/language/grammar/steps.hpp"

#include "workflows/language/grammar/bodies.hpp"
#include "workflows/language/grammar/common.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace troupe::workflow::grammar {
namespace {

constexpr std::uint32_t on_call = on_action | on_tell;
constexpr std::uint32_t on_composite =
    on_steps | on_parallel | on_choice | on_map | on_loop | on_race | on_try;
constexpr std::uint32_t on_work = on_action | on_workflow | on_decide;

constexpr std::array verb_table{
    verb_row{"agent", on_call, &formula_text, "Calls an agent (`action`) or sends it a message (`tell`).",
             "the answer; of `tell` null"},
    verb_row{"steps", on_steps, &step_list, "Runs steps one after another.",
             "the result of `return`, else of the last step"},
    verb_row{"parallel", on_parallel, &parallel, "Runs branches at the same time.",
             "`{BRANCH: result}`, failures among them under `settled`"},
    verb_row{"choice", on_choice, &choice, "Runs the first arm whose `when` holds.",
             "the result of the chosen steps"},
    verb_row{"map", on_map, &map_body, "Runs steps for each item of a list, so many at once.",
             "the list of results, in the order of the items"},
    verb_row{"loop", on_loop, &loop_body,
             "Repeats steps while or until a condition holds, `max` times at most.",
             "the result of the last round"},
    verb_row{"race", on_race, &race_body,
             "Runs branches at the same time; the first to finish wins, the others are canceled.",
             "`{winner, result}`"},
    verb_row{"try", on_try, &step_list, "Runs steps; `catch` takes their errors, `finally` runs in any case.",
             "of whichever ended it"},
    verb_row{"approval", on_approval, &approval, "Waits for a person's decision.",
             "`{decision, by, at, note, edited, diff}`"},
    verb_row{"decide", on_decide, &decide_body, "Lets several agents weigh a choice.",
             "`{choice, confidence, reasons, dissent}`"},
    verb_row{"wait", on_wait, &wait_body, "Waits for a span of time, or until an instant.", "null"},
    verb_row{"receive", on_receive, &receive_body, "Waits for a signal or a correlated message.", "its body"},
    verb_row{"workflow", on_workflow, &workflow_name, "Runs another workflow, supervised by this run.",
             "its output; of a detached one `{run}`"},
    verb_row{"emit", on_emit, &emit_body, "Publishes an event.", "null"},
    verb_row{"set", on_set, &set_body, "Sets variables, which it may create.", "null"},
    verb_row{"fail", on_fail, &fail_body, "Ends with an error.", "none"},
    verb_row{"return", on_return, &any_value, "Ends the innermost workflow, branch or map item with a value.",
             "none"},
    verb_row{"break", on_break, &any_value, "Leaves the loop with a value.", "none"},
    verb_row{"undo", on_undo, &identifier, "Compensates what completed inside a step, in reverse.", "null"},
};

constexpr std::array attribute_table{
    attribute_row{"id", on_all, &identifier, "The step's name: in expressions (`steps.ID`) and in its path."},
    attribute_row{"name", on_all, &plain_text, "What people see instead of the id."},
    attribute_row{"phase", on_all, &formula_text, "Sets `run.phase` when the step begins."},
    attribute_row{"if", on_all, &condition, "The step is skipped when this is false."},
    attribute_row{"action", on_action, &kind_name,
                  "What the agent is asked to do; its answer is the result."},
    attribute_row{"tell", on_tell, &kind_name,
                  "The message that the agent is sent; nobody waits for an answer."},
    attribute_row{"key", on_call, &formula_text, "Which agent of that kind; else one for each run."},
    attribute_row{"version", on_call, &version_number, "The version of the agent; else the newest."},
    attribute_row{"with", on_call | on_workflow, &any_value, "What goes in. The only place for `secrets`."},
    attribute_row{"detach", on_workflow, &flag, "Starts it and goes on; it lives its own life."},
    attribute_row{"catch", on_try, &catch_list, "What to do with errors, tried in order."},
    attribute_row{"finally", on_try, &step_list, "Steps that run whatever happened, also when canceled."},
    attribute_row{"retry", on_work, &retry, "How a failed try is repeated."},
    attribute_row{"timeout", on_work, &duration, "How long one try may take."},
    attribute_row{"deadline", on_work | on_composite, &duration,
                  "How long it may take in all, retries included."},
    attribute_row{"budget", on_work | on_tell | on_composite, &budget, "What it may spend in all."},
    attribute_row{"place", on_call | on_workflow, &place, "Where it should run."},
    attribute_row{"output", on_work, &output, "What the answer must look like."},
    attribute_row{"effect", on_action, &effect, "What may have happened when a try ends without an answer."},
    attribute_row{"reconcile", on_action, &one_step,
                  "Asks what became of a `once` effect: `{found, result?}`."},
    attribute_row{"idempotency_key", on_call, &formula_text, "Instead of the key made of run and path."},
    attribute_row{"compensate", on_call | on_workflow | on_emit, &step_list, "Steps that undo it."},
    attribute_row{"cache", on_action, &cache, "Keeps answers for other runs."},
    attribute_row{"stream", on_action, &flag, "Shows the answer while it is made."},
    attribute_row{"supervision", on_call, &supervision, "How a crashed agent is restarted for this step."},
    attribute_row{"since", on_all, &version_number,
                  "Upgrades: runs begun before this version may lack the step."},
    attribute_row{"if_missing", on_all, &any_value, "Upgrades: its result for runs that lack it."},
};

constexpr std::array bit_names{
    std::pair{on_action, "agent with `action`"},
    std::pair{on_tell, "agent with `tell`"},
    std::pair{on_steps, "steps"},
    std::pair{on_parallel, "parallel"},
    std::pair{on_choice, "choice"},
    std::pair{on_map, "map"},
    std::pair{on_loop, "loop"},
    std::pair{on_race, "race"},
    std::pair{on_try, "try"},
    std::pair{on_approval, "approval"},
    std::pair{on_decide, "decide"},
    std::pair{on_wait, "wait"},
    std::pair{on_receive, "receive"},
    std::pair{on_workflow, "workflow"},
    std::pair{on_emit, "emit"},
    std::pair{on_set, "set"},
    std::pair{on_fail, "fail"},
    std::pair{on_return, "return"},
    std::pair{on_break, "break"},
    std::pair{on_undo, "undo"},
};

template<class Table>
auto find_row(const Table& table, std::string_view name) {
  const auto found =
      std::find_if(table.begin(), table.end(), [=](const auto& row) { return row.name == name; });
  return found == table.end() ? nullptr : &*found;
}

} // namespace

std::span<const verb_row> verbs() { return verb_table; }
std::span<const attribute_row> attributes() { return attribute_table; }
const verb_row* find_verb(std::string_view name) { return find_row(verb_table, name); }
const attribute_row* find_attribute(std::string_view name) { return find_row(attribute_table, name); }

std::string verb_words(std::uint32_t bits) {
  if ((bits & on_call) == on_call && bits != on_all) {
    const std::string rest = verb_words(bits & ~on_call);
    return rest.empty() ? "agent" : "agent, " + rest;
  }
  if (bits == on_all)
    return "all";
  std::string words;
  for (const auto& [bit, name] : bit_names)
    if ((bits & bit) != 0)
      words += (words.empty() ? "" : ", ") + std::string(name);
  return words;
}

} // namespace troupe::workflow::grammar
