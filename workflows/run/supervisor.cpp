#include "workflows/run/supervisor.hpp"

#include "config/invariant.hpp"

namespace troupe::workflow {

void supervisor::child_finished(instance&, instance&, engine&) const {
  ensure(false, "a step without children has one that finished");
}

void supervisor::child_failed(instance& self, instance& child, engine& run) const {
  run.fail(self, child.error);
}

void supervisor::answered(instance& self, std::string_view, const outcome& answer, engine& run) const {
  if (!answer.ok)
    run.attempt_failed(self, {answer.kind, answer.message, answer.agent});
}

void supervisor::due(instance&, std::string_view, engine&) const {}

outcome supervisor::compute(const instance&, const engine&) const {
  return outcome::failure("invalid", "this step computes nothing");
}

bool supervisor::signaled(instance&, const stored_signal&, engine&) const { return false; }
void supervisor::undone(instance&, engine&) const {}
bool supervisor::may_end(instance&, engine&) const { return true; }
bool supervisor::handles(const instance&, const instance&, const failure&) const { return false; }

} // namespace troupe::workflow
