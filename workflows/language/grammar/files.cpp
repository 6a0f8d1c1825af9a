#include "workflows/language/grammar/files.hpp"

#include "workflows/language/grammar/bodies.hpp"
#include "workflows/language/grammar/common.hpp"

#include <array>

namespace troupe::workflow::grammar {
namespace {

constexpr shape label{.is = form::label};
constexpr shape labels{.is = form::named, .of = &plain_text};
constexpr shape definitions{.is = form::named, .of = &json_schema};

constexpr std::array message_keys{
    key{"agent", &kind_name, true, "The agent whose message starts a run."},
    key{"type", &kind_name, true, "The message's type."},
    key{"dedupe", &formula_text, false, "Messages of one value start one run."},
    key{"correlate", &formula_text, false, "A message for a run that lives goes to its `receive` instead."},
    key{"input", &any_value, false, "The run's input, made of `event`."},
};
constexpr shape message{.is = form::map, .keys = message_keys};
constexpr shape messages{.is = form::one_or_many, .of = &message, .least = 1, .most = 100};

constexpr shape overlap{.is = form::word, .words = "skip allow queue cancel_running"};
constexpr std::array schedule_keys{
    key{"name", &label, false, "What it is called over changes of the file; else its number, from 1."},
    key{"cron", &plain_text, false, "Minute, hour, day of month, month, day of week."},
    key{"every", &duration, false, "Or an interval."},
    key{"timezone", &plain_text, false, "Of `cron`, such as Europe/Paris; else UTC."},
    key{"overlap", &overlap, false,
        "When the run before still lives: `skip` (the default), `allow`, `queue` or `cancel_running`."},
    key{"catchup", &duration, false,
        "How late a missed instant may still start a run; else a minute, and the latest in any case."},
    key{"jitter", &duration, false, "Spreads starts over this time."},
    key{"input", &any_value, false, "The run's input."},
};
constexpr shape schedule{.is = form::map, .keys = schedule_keys, .one_of = "cron every"};
constexpr shape schedules{.is = form::one_or_many, .of = &schedule, .least = 1, .most = 100};

constexpr std::array trigger_keys{
    key{"message", &messages, false, "Messages that start a run."},
    key{"schedule", &schedules, false, "Times at which a run starts."},
};
constexpr shape triggers{.is = form::map, .keys = trigger_keys, .least = 1};

constexpr std::array default_keys{
    key{"timeout", &duration, false, "Of each try of an agent's action."},
    key{"retry", &retry, false, "Of agents' actions."},
    key{"budget", &budget, false, "Of the whole run, unless `budget` says otherwise."},
};
constexpr shape defaults{.is = form::map, .keys = default_keys, .least = 1};

constexpr shape conflict{.is = form::word, .words = "join queue reject cancel_running"};
constexpr std::array concurrency_keys{
    key{"key", &formula_text, true, "Runs of one value count as one at a time."},
    key{"on_conflict", &conflict, false,
        "What a second one does: `queue` (the default), `join` the first, `reject`, or `cancel_running`."},
};
constexpr shape concurrency{.is = form::map, .keys = concurrency_keys};
constexpr shape upgrade{.is = form::word, .words = "pin auto_if_safe manual"};

constexpr std::array workflow_keys{
    key{"workflow", &label, true, "The name: small letters, digits and `-`, 63 at most."},
    key{"version", &version_number, false, "For people; runs are pinned to the content's hash."},
    key{"description", &plain_text, false, "What it is for."},
    key{"labels", &labels, false, "Names and values to find it by."},
    key{"on", &triggers, false, "What starts a run by itself."},
    key{"input", &json_schema, false, "JSON Schema of the input; `type: object` is implied."},
    key{"output", &any_value, false, "The run's output; else the last step's result."},
    key{"vars", &named_values, false, "Variables and their first values."},
    key{"search", &named_values, false, "What runs can be found by while they live."},
    key{"defaults", &defaults, false, "For steps that do not say otherwise."},
    key{"deadline", &duration, false, "How long a run may take."},
    key{"budget", &budget, false, "What a run may spend."},
    key{"concurrency", &concurrency, false, "Which runs may not live at the same time."},
    key{"upgrade", &upgrade, false,
        "What happens to live runs when the file changes: `pin` (the default), `auto_if_safe`, `manual`."},
    key{"$defs", &definitions, false, "Schemas that others refer to as `#/$defs/NAME`."},
    key{"steps", &step_list, true, "What is done."},
};

// agents

constexpr shape decision_mode{.is = form::word, .words = "sum first"};
constexpr shape points{.is = form::amount, .least = -1'000'000'000, .most = 1'000'000'000};
constexpr std::array rule_keys{
    key{"when", &condition, false, "The rule fires if this holds; without it, always."},
    key{"add", &points, false, "Mode `sum`: what it adds to the score."},
    key{"choose", &any_value, false, "Mode `first`: what it decides."},
    key{"reason", &formula_text, true, "Why, for people."},
};
constexpr shape rule{.is = form::map, .keys = rule_keys};
constexpr shape rules{.is = form::list, .of = &rule, .least = 1, .most = 10'000};
constexpr std::array decision_keys{
    key{"mode", &decision_mode, false,
        "`sum` adds up all rules that fire (the default); `first` takes the first."},
    key{"rules", &rules, true, "In order."},
};
constexpr shape decision{.is = form::map, .keys = decision_keys};

constexpr shape fields{.is = form::named, .names = true, .of = &json_schema, .least = 1};
constexpr std::array predict_keys{
    key{"instructions", &plain_text, true, "What the model is to do."},
    key{"input", &fields, true, "Names and schemas of what goes in."},
    key{"output", &fields, true, "Names and schemas of what comes out."},
    key{"model", &kind_name, false, "A segment of the model policy; else `default`."},
    key{"adapter", &kind_name, false, "An adapter of the segment's own model; else the segment's."},
};
constexpr shape predict{.is = form::map, .keys = predict_keys};

constexpr std::array action_keys{
    key{"input", &json_schema, false, "JSON Schema of what it is given; `type: object` is implied."},
    key{"output", &json_schema, false, "JSON Schema of its answer."},
    key{"steps", &step_list, false, "What is done: the same verbs as a workflow's."},
    key{"decision", &decision, false, "Or a table of rules."},
    key{"predict", &predict, false, "Or a typed question to a model."},
    key{"requires_approval", &flag, false, "Only workflows in which a person approves first may reach it."},
};
constexpr shape actions{.is = form::named, .of = &agent_action, .least = 1, .most = 1'000};

constexpr shape state_schema{.is = form::count, .least = 1, .most = 1'000'000};
constexpr shape state_bytes{.is = form::count, .least = 1, .most = 1'048'576};
constexpr std::array state_keys{
    key{"schema", &state_schema, false, "The version of what it keeps."},
    key{"max_bytes", &state_bytes, false, "How much it may keep."},
};
constexpr shape state{.is = form::map, .keys = state_keys};
constexpr shape pending{.is = form::count, .least = 1, .most = 1'000'000};
constexpr std::array mailbox_keys{
    key{"max", &pending, true, "Pending messages of one sender; beyond, the sender gets `overloaded`."},
};
constexpr shape mailbox{.is = form::map, .keys = mailbox_keys};
constexpr shape memory_kind{.is = form::word,
                            .words = "working short_term long_term episodic semantic procedural shared"};
constexpr shape memory{.is = form::list, .of = &memory_kind};

constexpr std::array agent_keys{
    key{"agent", &kind_name, true, "The kind's name, such as sales.enricher."},
    key{"version", &version_number, false, "For people and `version:` of steps."},
    key{"description", &plain_text, false, "What it is for."},
    key{"actions", &actions, true, "Names and what each does."},
    key{"$defs", &definitions, false, "Schemas that others refer to as `#/$defs/NAME`."},
    key{"state", &state, false, "What it keeps."},
    key{"mailbox", &mailbox, false, "How much may wait for it."},
    key{"supervision", &supervision, false, "How it is restarted after a crash."},
    key{"memory", &memory, false, "The kinds of memory it uses."},
};

} // namespace

constexpr shape workflow_file{.is = form::map, .keys = workflow_keys};
constexpr shape agent_action{.is = form::map, .keys = action_keys, .one_of = "steps decision predict"};
constexpr shape agent_file{.is = form::map, .keys = agent_keys};

} // namespace troupe::workflow::grammar
