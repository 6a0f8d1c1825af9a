#pragma once

namespace troupe::workflow {

class supervisor;

// One file each.
const supervisor& agent_supervisor();
const supervisor& tell_supervisor();
const supervisor& sequence_supervisor();
const supervisor& parallel_supervisor();
const supervisor& choice_supervisor();
const supervisor& map_supervisor();
const supervisor& loop_supervisor();
const supervisor& race_supervisor();
const supervisor& attempt_supervisor();
const supervisor& approval_supervisor();
const supervisor& decide_supervisor();
const supervisor& wait_supervisor();
const supervisor& receive_supervisor();
const supervisor& sub_workflow_supervisor();
const supervisor& emit_supervisor();
const supervisor& set_supervisor();
const supervisor& fail_supervisor();
const supervisor& return_supervisor();
const supervisor& break_supervisor();
const supervisor& undo_supervisor();

} // namespace troupe::workflow
