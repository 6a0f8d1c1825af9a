#include "workflows/language/grammar/bodies.hpp"

#include "workflows/language/grammar/common.hpp"

#include <array>

namespace troupe::workflow::grammar {
namespace {

// parallel and race

constexpr shape branch_map{.is = form::named, .names = true, .of = &step_list, .least = 1, .most = 1'000};
constexpr shape join_word{.is = form::word, .words = "all any settled"};
constexpr shape join_count{.is = form::count, .least = 1, .most = 1'000};
constexpr std::array join_keys{
    key{"at_least", &join_count, true, "How many branches must finish."},
};
constexpr shape join_map{.is = form::map, .keys = join_keys};
constexpr std::array<const shape*, 2> join_choices{&join_word, &join_map};
constexpr shape join{.is = form::either, .choices = join_choices};
constexpr shape branch_failure{.is = form::word, .words = "cancel wait"};

constexpr std::array parallel_keys{
    key{"join", &join, false,
        "When it is done: `all` branches (the default), `any`, `{at_least: N}`, or `settled`: all, failed or "
        "not."},
    key{"on_failure", &branch_failure, false,
        "When a branch fails: `cancel` the others (the default) or `wait` for them."},
    key{"branches", &branch_map, true, "Names and their steps."},
};

constexpr std::array race_keys{
    key{"branches", &branch_map, true, "Names and their steps."},
};

// choice

constexpr std::array arm_keys{
    key{"when", &condition, false, "The arm is taken if this holds."},
    key{"steps", &step_list, false, "What is done then."},
    key{"else", &step_list, false, "What is done if no `when` held; the last arm."},
};
constexpr shape arm{.is = form::map, .keys = arm_keys, .one_of = "when else"};

// map and loop

constexpr shape width{.is = form::count, .least = 1, .most = 10'000};
constexpr shape item_failure{.is = form::word, .words = "cancel wait skip"};
constexpr std::array map_keys{
    key{"over", &any_value, true, "The list."},
    key{"as", &identifier, false,
        "What the item is called in expressions; else `item`. Its number is `index`."},
    key{"key", &formula_text, false, "What an item is known by over retries and upgrades; else its number."},
    key{"max_parallel", &width, false, "How many items at once."},
    key{"on_failure", &item_failure, false,
        "When an item fails: `cancel` the others (the default), `wait` for them, or `skip` it."},
    key{"steps", &step_list, true, "What is done for each item."},
};

constexpr shape rounds{.is = form::count_or_formula, .least = 1, .most = 100'000};
constexpr shape exhausted{.is = form::word, .words = "fail continue"};
constexpr std::array loop_keys{
    key{"while", &condition, false, "Asked before each round."},
    key{"until", &condition, false, "Asked after each round."},
    key{"max", &rounds, true, "The most rounds."},
    key{"steps", &step_list, true, "What is done in each round."},
    key{"on_exhausted", &exhausted, false, "After `max` rounds: `fail` (the default) or `continue`."},
};

constexpr std::array catch_keys{
    key{"on", &error_kinds, false, "The error kinds it takes; else all."},
    key{"as", &identifier, false, "What the error is called in its steps; else `error`."},
    key{"steps", &step_list, true, "What is done then."},
};
constexpr shape catch_clause{.is = form::map, .keys = catch_keys};

// approval and decide

constexpr shape quorum{.is = form::count_or_formula, .least = 1, .most = 1'000};
constexpr std::array by_keys{
    key{"role", &formula_text, false, "Who may decide: everybody with this role."},
    key{"users", &any_value, false, "Or these people."},
    key{"not", &any_value, false, "But not this person: four eyes."},
    key{"quorum", &quorum, false, "How many must agree; else one."},
};
constexpr shape approvers{.is = form::map, .keys = by_keys, .least = 1};
constexpr std::array edit_keys{
    key{"value", &any_value, true, "What may be changed before it is approved."},
};
constexpr shape edit{.is = form::map, .keys = edit_keys};
constexpr std::array escalate_keys{
    key{"after", &duration, true, "When nobody has decided by then."},
    key{"to", &approvers, true, "Who may decide from then on."},
};
constexpr shape escalate{.is = form::map, .keys = escalate_keys};
constexpr shape reminders{.is = form::list, .of = &duration, .least = 1, .most = 20};
constexpr shape late{.is = form::word, .words = "approve reject fail"};
constexpr std::array approval_keys{
    key{"title", &formula_text, true, "The question, in one line."},
    key{"show", &any_value, false, "What people see to decide by."},
    key{"by", &approvers, false, "Who may decide; else everybody who may see the run."},
    key{"edit", &edit, false, "What may be changed before it is approved; the difference is kept."},
    key{"remind", &reminders, false, "When people are reminded."},
    key{"escalate", &escalate, false, "Who is asked when nobody answers."},
    key{"deadline", &duration, false, "Until when; with `default`."},
    key{"default", &late, false, "What counts when the deadline has passed."},
};

constexpr shape agent_list{.is = form::value};
constexpr shape voters{.is = form::count, .least = 1, .most = 1'000};
constexpr std::array decide_keys{
    key{"agents", &agent_list, true, "The kinds that are asked."},
    key{"question", &formula_text, true, "What is to be decided."},
    key{"options", &any_value, false, "What they choose from; else they answer freely."},
    key{"criteria", &any_value, false, "What counts."},
    key{"quorum", &voters, false, "How many answers are enough; else all."},
};

// the rest

constexpr shape span_of_time{.is = form::duration_or_formula};
constexpr std::array until_keys{
    key{"until", &any_value, true, "An instant: RFC 3339, or an expression that gives one."},
};
constexpr shape until{.is = form::map, .keys = until_keys};
constexpr std::array<const shape*, 2> wait_choices{&span_of_time, &until};

constexpr std::array receive_keys{
    key{"signal", &formula_text, true, "Its name."},
    key{"correlate", &formula_text, false, "Only the one for this value."},
    key{"schema", &json_schema, false, "What its body must look like."},
    key{"timeout", &duration, false, "How long to wait for it."},
    key{"default", &any_value, false,
        "The result when the time is over; else the step fails with `timeout`."},
};

constexpr std::array emit_keys{
    key{"event", &formula_text, true, "Its type."},
    key{"data", &any_value, false, "Its body."},
};

constexpr std::array fail_keys{
    key{"kind", &formula_text, true, "The error kind, for `retry` and `catch`."},
    key{"message", &formula_text, true, "One sentence for people."},
};

constexpr std::array place_keys{
    key{"label", &formula_text, false, "A node with this label."},
    key{"near", &formula_text, false, "Where this agent lives."},
    key{"node", &formula_text, false, "This node."},
};

constexpr shape repairs{.is = form::count, .least = 0, .most = 10};
constexpr std::array invalid_keys{
    key{"repair", &repairs, true, "How often the agent is asked again, told what was wrong."},
};
constexpr shape on_invalid{.is = form::map, .keys = invalid_keys};
constexpr std::array output_keys{
    key{"schema", &json_schema, false, "The answer's JSON Schema."},
    key{"on_invalid", &on_invalid, false, "When the answer does not fit."},
    key{"store", &flag, false, "Keeps the answer as a blob, whatever its size."},
};

constexpr std::array cache_keys{
    key{"ttl", &duration, true, "How long an answer is used again."},
    key{"key", &formula_text, false, "What equal requests have in common; else `with`."},
};

constexpr shape restart{.is = form::word, .words = "permanent transient temporary"};
constexpr shape restarts{.is = form::count, .least = 0, .most = 1'000};
constexpr std::array supervision_keys{
    key{"restart", &restart, false, "`permanent`: always; `transient`: after a crash; `temporary`: never."},
    key{"max_restarts", &restarts, false, "How many restarts within the time; more, and it has failed."},
    key{"within", &duration, false, "That time."},
};

} // namespace

constexpr shape parallel{.is = form::map, .keys = parallel_keys};
constexpr shape choice{.is = form::list, .of = &arm, .least = 1, .most = 1'000};
constexpr shape map_body{.is = form::map, .keys = map_keys};
constexpr shape loop_body{.is = form::map, .keys = loop_keys, .one_of = "while until"};
constexpr shape race_body{.is = form::map, .keys = race_keys};
constexpr shape approval{.is = form::map, .keys = approval_keys};
constexpr shape decide_body{.is = form::map, .keys = decide_keys};
constexpr shape wait_body{.is = form::either, .choices = wait_choices};
constexpr shape receive_body{.is = form::map, .keys = receive_keys};
constexpr shape workflow_name{.is = form::label};
constexpr shape emit_body{.is = form::map, .keys = emit_keys};
constexpr shape set_body{.is = form::named, .names = true, .of = &any_value, .least = 1};
constexpr shape fail_body{.is = form::map, .keys = fail_keys};

constexpr shape catch_list{.is = form::list, .of = &catch_clause, .least = 1};
constexpr shape place{.is = form::map, .keys = place_keys, .least = 1};
constexpr shape output{.is = form::map, .keys = output_keys, .least = 1};
constexpr shape effect{.is = form::word, .words = "pure idempotent at_least_once once"};
constexpr shape one_step{.is = form::step};
constexpr shape cache{.is = form::map, .keys = cache_keys};
constexpr shape supervision{.is = form::map, .keys = supervision_keys, .least = 1};

} // namespace troupe::workflow::grammar
