#include "workflows/run/reconciling.hpp"

#include "config/limits.hpp"

namespace troupe::workflow {
namespace {

constexpr std::string_view segment = "!reconcile";

/// Until then an executor that was cut off may still act: the attempt's own time and a lease.
instant surely_over(const instance& self) {
  const auto begun = from_ms(field(self.local, "asked")->as_int());
  const auto span = self.what->timeout.count() > 0 ? self.what->timeout : limits::once_settles;
  return begun + span + limits::lease;
}

} // namespace

bool in_doubt(std::string_view kind) noexcept {
  return kind == "timeout" || kind == "unavailable" || kind == "unknown_outcome" || kind == "agent.crashed" ||
         kind == "canceled" || kind.starts_with("http.5");
}

void doubt(instance& self, failure why, engine& run) {
  const bool asked_again = field(self.local, "absent") != nullptr;
  if (!self.what->reconcile || asked_again)
    return run.give_up(self, {"unknown_outcome", "it may have happened or not: " + why.message, why.agent});
  self.local = value::object({{"asked", value::of(to_ms(self.started))}});
  self.error = std::move(why);
  reconcile(self, run);
}

void reconcile(instance& self, engine& run) {
  self.children.clear();
  run.begin(self, *self.what->reconcile, segment);
}

bool reconciled(instance& self, const instance& child, engine& run) {
  const auto* found = field(child.result, "found");
  if (!found || !found->is(expression::value_kind::boolean)) {
    run.give_up(self, {"unknown_outcome", "reconcile did not say {found: true or false}", {}});
    return false;
  }
  if (found->as_bool()) {
    const auto* result = field(child.result, "result");
    run.finish(self, result ? *result : value());
    return false;
  }
  if (run.now() < surely_over(self)) {
    run.timer(self, "reconcile", surely_over(self));
    return false;
  }
  self.local = value::object({{"absent", value::of(true)}});
  ++self.attempt;
  return true;
}

} // namespace troupe::workflow
