#include "workflows/language/codes/codes.hpp"
#include "workflows/language/explain/pages.hpp"

#include <array>

namespace troupe::workflow {
namespace {

constexpr std::array pages{
    code_page{codes::once_without_reconcile, "once, and nobody can say whether",
              "A `once` effect is never repeated. When its outcome is unknown after a crash, `reconcile` "
              "asks; without it only a\n"
              "person could say.",
              R"(workflow: pay
steps:
  - agent: shop.bank
    action: pay
    effect: once
)"},
    code_page{codes::reconcile_without_once, "nothing to reconcile",
              "Other effects than `once` are simply repeated under the same key, so nobody would ever call "
              "`reconcile`.",
              R"(workflow: pay
steps:
  - agent: shop.bank
    action: pay
    reconcile: { agent: shop.bank, action: lookup, with: { key: "${{ step.idempotency_key }}" } }
)"},
    code_page{codes::deadline_and_default, "deadline and default come together",
              "An approval's `deadline` says until when, `default` what counts afterwards; one without the "
              "other says nothing.",
              R"(workflow: ask
steps:
  - approval:
      title: Send it?
      deadline: 5d
)"},
    code_page{codes::unreachable_step, "a step that nothing reaches",
              "The step before it always returns, fails or breaks.",
              R"(workflow: mail
steps:
  - { return: done }
  - { agent: mail, action: send, with: { to: a@b.c } }
)"},
    code_page{codes::unreachable_arm, "an arm that is never taken",
              "An arm before it always holds. An arm whose own condition is false is only worth a warning.",
              R"(workflow: route
steps:
  - choice:
      - when: true
        steps: [ { wait: 1s } ]
      - else: [ { wait: 2s } ]
)"},
    code_page{codes::bad_schedule, "a schedule that never fires",
              "A cron expression has five fields: minute, hour, day of month, month, day of week. It must be "
              "readable, and there\n"
              "must be a day on which it fires. Intervals have a least length.",
              R"(workflow: report
on: { schedule: [ { cron: "0 7 31 2 *" } ] }
steps: [ { wait: 1s } ]
)"},
    code_page{codes::workflow_cycle, "a workflow that waits for itself",
              "Workflows that start each other and wait for the result never end. `detach: true` starts "
              "without waiting.",
              R"(workflow: ping
steps: [ { workflow: pong } ]
# file: pong.yaml
workflow: pong
steps: [ { workflow: ping } ]
)"},
    code_page{codes::approval_required, "an action that needs approval",
              "The agent's file marks the action `requires_approval`; a step may use it only where an "
              "approval is certain to have\n"
              "been asked before.",
              R"(workflow: pay
steps:
  - { agent: shop.bank, action: pay, with: { amount: 7 } }
# file: agents/bank.yaml
agent: shop.bank
actions:
  pay:
    requires_approval: true
    input: { properties: { amount: { type: number } }, required: [amount] }
    steps: [ { agent: http, action: post, with: { url: "http://localhost/pay" } } ]
)"},
    code_page{codes::idle_loop, "a loop that does not loop",
              "A warning: the condition is a constant, so the loop never begins or ends after one round.",
              R"(workflow: poll
steps:
  - loop: { while: false, max: 3, steps: [ { wait: 1s } ] }
)"},
    code_page{codes::too_few, "more than there are",
              "A quorum or `at_least` asks for more than can ever answer.",
              R"(workflow: both
steps:
  - parallel:
      join: { at_least: 3 }
      branches: { left: [ { wait: 1s } ], right: [ { wait: 1s } ] }
)"},
    code_page{codes::too_late, "after the end",
              "A reminder, an escalation or a time-out lies behind the deadline and would never happen.",
              R"(workflow: ask
steps:
  - approval:
      title: Send it?
      remind: [4h, 6d]
      deadline: 5d
      default: reject
)"},
    code_page{codes::unused_variable, "a variable that nobody reads",
              "A warning: the variable is declared, and no expression reads it.",
              R"(workflow: mail
vars: { status: new }
steps: [ { wait: 1s } ]
)"},
    code_page{codes::unlikely_kind, "an error kind that looks misspelt",
              "A warning: agents may raise kinds of their own, but this one is nearly one of Troupe's.",
              R"(workflow: mail
steps:
  - try: [ { wait: 1s } ]
    catch: [ { on: [timeuot], steps: [ { wait: 1s } ] } ]
)"},
    code_page{codes::unreachable_catch, "a clause that no error gets to",
              "Clauses are tried in order, and one without `on` takes every error.",
              R"(workflow: mail
steps:
  - try: [ { wait: 1s } ]
    catch:
      - steps: [ { wait: 1s } ]
      - { on: [timeout], steps: [ { wait: 2s } ] }
)"},
    code_page{codes::bad_time_zone, "no such time zone",
              "Time zones have names of the IANA data base, such as Europe/Paris.",
              R"(workflow: report
on: { schedule: [ { cron: "0 7 * * *", timezone: Europe/Pariss } ] }
steps: [ { wait: 1s } ]
)"},
    code_page{codes::bad_rule, "a rule that decides nothing",
              "Rules of mode `sum` have `add`, rules of mode `first` have `choose`.",
              R"(agent: sales.scorer
actions:
  score:
    decision:
      mode: first
      rules:
        - { when: "${{ input.seats > 50 }}", add: 30, reason: many seats }
)"},
};

} // namespace

std::span<const code_page> pages_about_meaning() { return pages; }

} // namespace troupe::workflow
