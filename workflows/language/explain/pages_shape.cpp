#include "workflows/language/codes/codes.hpp"
#include "workflows/language/explain/pages.hpp"

#include <array>

namespace troupe::workflow {
namespace {

constexpr std::array pages{
    code_page{codes::unknown_key, "unknown key",
              "A key is not known where it stands: it is misspelt, or it belongs somewhere else. Nothing is "
              "ignored\n"
              "silently: a `retyr` that nobody reads would be a step without retries.",
              R"(workflow: mail
steps:
  - id: send
    agent: mail
    action: send
    with: { to: a@b.c }
    retyr: { attempts: 3 }
)"},
    code_page{codes::wrong_kind, "wrong kind of value",
              "A value is of another kind than what belongs there: a list where a map is expected, a number "
              "where text is.\n"
              "Conditions are written `${{ … }}`; unquoted text that YAML reads as a number or a boolean "
              "needs quotes.",
              R"(workflow: mail
description: 2026
steps:
  - { if: input.ready, wait: 1s }
)"},
    code_page{codes::missing_key, "something is missing", "A map lacks a key that it cannot do without.",
              R"(workflow: mail
steps:
  - id: send
    agent: mail
)"},
    code_page{codes::two_verbs, "two verbs in one step",
              "A step does exactly one thing. With two verbs nobody could say which comes first, or what "
              "`steps.ID` is.",
              R"(workflow: mail
steps:
  - id: send
    agent: mail
    action: send
    with: { to: a@b.c }
    wait: 2h
)"},
    code_page{codes::no_verb, "a step without a verb",
              "A step has attributes, but nothing says what it does.",
              R"(workflow: mail
steps:
  - id: send
    if: ${{ input.ready }}
)"},
    code_page{codes::empty, "nothing inside",
              "A list of steps, branches or rules is empty. A branch that does nothing is left out.",
              R"(workflow: mail
steps:
  - try: [ { wait: 1s } ]
    finally: []
)"},
    code_page{codes::unknown_word, "not one of the known words", "A value must be one of a few words.",
              R"(workflow: mail
upgrade: auto_if_save
steps: [ { wait: 1s } ]
)"},
    code_page{codes::bad_name, "a name that cannot be one",
              "Ids, variables and branches are read by expressions, where `-` subtracts: they are made of "
              "letters, digits and\n"
              "`_`. Workflows are called by small letters, digits and `-`.",
              R"(workflow: mail
steps:
  - { id: send-mail, agent: mail, action: send, with: { to: a@b.c } }
)"},
    code_page{codes::bad_duration, "no duration",
              "Durations have units: `250ms`, `30s`, `5m`, `2h`, `1d`, and sums from large to small such as "
              "`1h30m`.",
              R"(workflow: mail
deadline: 30
steps: [ { wait: 1s } ]
)"},
    code_page{codes::out_of_bounds, "out of bounds",
              "A number is too small or too large, or a list too long.",
              R"(workflow: mail
steps:
  - agent: mail
    action: send
    with: { to: a@b.c }
    retry: { attempts: 0 }
)"},
    code_page{codes::misplaced_key, "a key in the wrong place",
              "The key exists, but means nothing here. `timeout` limits one try of a step; a whole run has a "
              "`deadline`.",
              R"(workflow: mail
timeout: 2h
steps: [ { wait: 1s } ]
)"},
    code_page{codes::one_of, "exactly one of these",
              "Some keys exclude each other: a loop repeats `while` or `until`, a schedule has a `cron` or "
              "an interval, an\n"
              "agent's action is made of `steps`, a `decision` or a `predict`. Exactly one of them is given.",
              R"(workflow: poll
steps:
  - loop:
      while: ${{ index < 3 }}
      until: ${{ index > 5 }}
      max: 10
      steps: [ { wait: 1m } ]
)"},
    code_page{codes::bad_schema, "a JSON Schema that cannot be used",
              "Schemas are of draft 7, with `$defs`. References stay within the file; patterns are RE2's.",
              R"(workflow: mail
$defs:
  lead: { properties: { email: { type: string } } }
input:
  properties: { lead: { $ref: "#/$defs/laed" } }
steps: [ { wait: 1s } ]
)"},
    code_page{codes::bad_expression, "an expression that cannot be read",
              "What stands between `${{` and `}}` is no expression.",
              R"(workflow: mail
steps:
  - { if: "${{ input.seats > }}", wait: 1s }
)"},
    code_page{codes::broken_by_yaml, "YAML takes the expression apart",
              "Unquoted text ends for YAML at `: ` and at ` #`, also inside `${{ }}`. Quote the whole value.",
              R"(workflow: mail
steps:
  - set:
      size: ${{ input.seats > 50 # many }}
)"},
    code_page{codes::literal_only, "no expression here",
              "Some things must be known before a run begins: names, versions, time-outs, descriptions.",
              R"(workflow: mail
steps:
  - agent: mail
    action: ${{ input.action }}
    with: { to: a@b.c }
)"},
    code_page{codes::arm_after_else, "an arm after else", "`else` takes all that is left, so it comes last.",
              R"(workflow: route
steps:
  - choice:
      - else: [ { wait: 1s } ]
      - when: ${{ input.hot }}
        steps: [ { wait: 2s } ]
)"},
    code_page{codes::no_language_file, "neither a workflow nor an agent",
              "A file begins with `workflow: NAME` or `agent: NAME`.",
              R"(name: mail
steps: [ { wait: 1s } ]
)"},
    code_page{codes::too_large,
              "too many steps",
              "One workflow has at most 10,000 steps: each has a place in the state of every run. Work on "
              "lists belongs into a\n"
              "`map`, parts of their own into workflows of their own.",
              {}},
    code_page{codes::not_json, "JSON cannot say it",
              "A workflow is the same tree in YAML and in JSON. JSON has no infinities and no NaN: write "
              "such a number as text.",
              R"(workflow: mail
vars: { limit: .inf }
output: ${{ vars.limit }}
steps: [ { wait: 1s } ]
)"},
};

} // namespace

std::span<const code_page> pages_about_shape() { return pages; }

} // namespace troupe::workflow
