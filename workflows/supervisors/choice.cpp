#include "workflows/run/supervisor.hpp"
#include "workflows/supervisors/verbs.hpp"

namespace troupe::workflow {
namespace {

/// The first arm whose condition holds.
class choice final : public supervisor {
public:
  void start(instance& self, engine& run) const override {
    for (const auto& arm : std::get<choice_body>(self.what->body).arms) {
      const auto holds = takes(arm, self, run);
      if (!holds)
        return;
      if (*holds) {
        run.begin(self, *arm.body, arm.body->segment);
        return;
      }
    }
    run.give_up(self, {"no_match", "no branch of the choice holds and there is no else", {}});
  }

  void child_finished(instance& self, instance& child, engine& run) const override {
    run.finish(self, child.result);
  }

private:
  /// Empty: the condition could not be told, and the step has given up.
  static std::optional<bool> takes(const choice_arm& arm, instance& self, engine& run) {
    if (arm.when.absent())
      return true;
    const auto holds = run.demand(arm.when, self);
    if (!holds)
      return std::nullopt;
    if (holds->is(expression::value_kind::boolean))
      return holds->as_bool();
    run.give_up(self, {"invalid", "`when` is neither true nor false", {}});
    return std::nullopt;
  }
};

} // namespace

const supervisor& choice_supervisor() {
  static const choice one;
  return one;
}

} // namespace troupe::workflow
