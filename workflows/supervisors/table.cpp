#include "config/invariant.hpp"
#include "workflows/run/supervisor.hpp"
#include "workflows/supervisors/verbs.hpp"

namespace troupe::workflow {

const supervisor& supervisor_of(verb v) {
  switch (v) {
  case verb::agent:
    return agent_supervisor();
  case verb::tell:
    return tell_supervisor();
  case verb::sequence:
    return sequence_supervisor();
  case verb::parallel:
    return parallel_supervisor();
  case verb::choice:
    return choice_supervisor();
  case verb::map:
    return map_supervisor();
  case verb::loop:
    return loop_supervisor();
  case verb::race:
    return race_supervisor();
  case verb::attempt:
    return attempt_supervisor();
  case verb::approval:
    return approval_supervisor();
  case verb::decide:
    return decide_supervisor();
  case verb::wait:
    return wait_supervisor();
  case verb::receive:
    return receive_supervisor();
  case verb::workflow:
    return sub_workflow_supervisor();
  case verb::emit:
    return emit_supervisor();
  case verb::set:
    return set_supervisor();
  case verb::fail:
    return fail_supervisor();
  case verb::leave:
    return return_supervisor();
  case verb::stop:
    return break_supervisor();
  case verb::undo:
    return undo_supervisor();
  }
  ensure(false, "a verb without a supervisor");
  return sequence_supervisor();
}

} // namespace troupe::workflow
