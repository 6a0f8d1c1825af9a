#include "workflows/language/check/check_file.hpp"

#include "workflows/language/check/environment_check.hpp"
#include "workflows/language/check/flow_check.hpp"
#include "workflows/language/check/meaning_check.hpp"
#include "workflows/language/check/schedule_check.hpp"

namespace troupe::workflow {

void check_file(file_draft& file, const catalogue& known) {
  if (file.workflow) {
    flow_check flow(*file.workflow, known, file.to);
    flow.run(false);
    check_meaning(*file.workflow, file.to);
    check_environment(*file.workflow, known, file.to);
    check_schedules(*file.workflow, known, file.to);
    if (file.to.errors() == 0) // a misspelt reading is told already
      check_variables(*file.workflow, flow.variables_read(), file.to);
  }
  if (!file.agent)
    return;
  for (const action_draft& action : file.agent->actions) {
    const auto made = file.agent->made->actions.find(action.key.text());
    flow_check(action.plan, known, file.to).run(made->second.requires_approval);
    check_meaning(action.plan, file.to);
    check_environment(action.plan, known, file.to);
    if (made->second.predict)
      check_model(action.at, *made->second.predict, known, file.to);
  }
}

} // namespace troupe::workflow
