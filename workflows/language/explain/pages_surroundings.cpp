#include "workflows/language/codes/codes.hpp"
#include "workflows/language/explain/pages.hpp"

#include <array>

namespace troupe::workflow {
namespace {

constexpr std::array pages{
    code_page{codes::unknown_agent, "no such agent",
              "No file in `agents/` beside the workflow or in `--agents` defines the agent, and none of that "
              "name is built in.",
              R"(workflow: mail
steps:
  - { agent: mial, action: send, with: { to: a@b.c } }
)"},
    code_page{codes::unknown_action, "no such action", "The agent exists and has no action of that name.",
              R"(workflow: mail
steps:
  - { agent: mail, action: sent, with: { to: a@b.c } }
)"},
    code_page{codes::unknown_workflow, "no such workflow", "No workflow of that name is here.",
              R"(workflow: mail
steps:
  - { workflow: drip-campain, detach: true }
# file: drip.yaml
workflow: drip-campaign
steps: [ { wait: 1s } ]
)"},
    code_page{codes::unknown_model, "no such model segment",
              "`model` names a segment of the model policy (`models.policy`), never a model.",
              R"(agent: sales.writer
actions:
  draft:
    predict:
      instructions: Write one sentence.
      input: { lead: { type: object } }
      output: { text: { type: string } }
      model: large
)"},
    code_page{codes::wrong_version, "another version of the agent",
              "The step pins a version of the agent that is not the one here.",
              R"(workflow: mail
steps:
  - { agent: sales.scorer, version: 3, action: score }
# file: agents/scorer.yaml
agent: sales.scorer
version: 2
actions:
  score: { decision: { rules: [ { add: 1, reason: always } ] } }
)"},
    code_page{codes::not_allowed_here, "not in this deployment",
              "`env` reads only what the configuration allows by name, and a secret must be there before a "
              "run needs it.",
              R"(workflow: mail
steps:
  - { agent: http, action: get, with: { url: "${{ env.CRM_URI }}" } }
)"},
    code_page{codes::defined_twice, "two of one name",
              "Two files define a workflow or an agent of the same name.",
              R"(workflow: mail
steps: [ { wait: 1s } ]
# file: other.yaml
workflow: mail
steps: [ { wait: 2s } ]
)"},
};

} // namespace

std::span<const code_page> pages_about_surroundings() { return pages; }

} // namespace troupe::workflow
