#include "workflows/language/codes/codes.hpp"
#include "workflows/language/explain/pages.hpp"

#include <array>

namespace troupe::workflow {
namespace {

constexpr std::array pages{
    code_page{codes::id_twice, "an id is taken",
              "Ids are unique in the whole file, also across branches: `steps.ID` must mean one step.",
              R"(workflow: mail
steps:
  - { id: send, agent: mail, action: send, with: { to: a@b.c } }
  - { id: send, agent: mail, action: send, with: { to: d@e.f } }
)"},
    code_page{codes::unknown_step, "no such step", "An expression reads a step that the file does not have.",
              R"(workflow: mail
steps:
  - { id: check, agent: http, action: get, with: { url: "http://localhost/check" } }
  - { set: { code: "${{ steps.chek.status }}" } }
output: ${{ vars.code }}
)"},
    code_page{codes::step_later, "the step has not run yet",
              "A step sees the results of steps before it, never its own and never later ones.",
              R"(workflow: mail
steps:
  - { set: { code: "${{ steps.check.status }}" } }
  - { id: check, agent: http, action: get, with: { url: "http://localhost/check" } }
output: ${{ vars.code }}
)"},
    code_page{codes::step_hidden, "the step is not seen from here",
              "Steps inside a `map` or `loop` run many times: outside, read the `map`'s own result. Branches "
              "that run at the\n"
              "same time do not see each other, nor do the arms of one choice.",
              R"(workflow: mail
steps:
  - id: all
    map:
      over: ${{ input.urls }}
      as: url
      steps:
        - { id: check, agent: http, action: get, with: { url: "${{ url }}" } }
output: ${{ steps.check.status }}
)"},
    code_page{codes::secret_outside_with, "a secret would reach the journal",
              "What steps set, emit, show or return is kept in clear. Secrets stand in `with` only: there "
              "they cross the journal\n"
              "as references, and only the adapter that uses one resolves it.",
              R"(workflow: mail
steps:
  - { set: { token: "${{ secrets.CRM_TOKEN }}" } }
output: ${{ vars.token }}
)"},
    code_page{codes::unknown_variable, "no such variable",
              "Expressions know `input`, `steps`, `vars`, `run`, `step`, `env` and, where they apply, "
              "`item`, `index`, `error`,\n"
              "`event` and `secrets`. Variables of `vars` are declared at the top or set by a step.",
              R"(workflow: mail
vars: { status: new }
steps:
  - { set: { status: "${{ inputs.status }}" } }
output: ${{ vars.statsu }}
)"},
    code_page{codes::bad_undo, "nothing to undo",
              "`undo` names a step of this file inside which something has `compensate`.",
              R"(workflow: mail
steps:
  - { id: send, agent: mail, action: send, with: { to: a@b.c } }
  - { undo: send }
)"},
    code_page{
        codes::break_outside_loop, "no loop to leave",
        "`break` leaves the loop it stands in; it does not reach out of a `map`, a `parallel` or a `race`.",
        R"(workflow: mail
steps:
  - { if: "${{ input.done }}", break: done }
)"},
    code_page{codes::reserved_name, "a reserved name",
              "`as` cannot rename what every expression knows already.",
              R"(workflow: mail
steps:
  - map:
      over: ${{ input.all }}
      as: input
      steps: [ { agent: mail, action: send, with: { to: "${{ input.email }}" } } ]
)"},
    code_page{codes::step_maybe, "the step may not have run",
              "A warning: the step stands in an arm or a branch that may not have run, or has an `if`. "
              "Reading it fails then.\n"
              "`a ?? b` says what holds instead; a condition that asks about the same step counts, too.",
              R"(workflow: mail
steps:
  - { id: check, if: "${{ input.careful }}", agent: http, action: get, with: { url: "http://localhost/" } }
output: ${{ steps.check.status }}
)"},
};

} // namespace

std::span<const code_page> pages_about_references() { return pages; }

} // namespace troupe::workflow
