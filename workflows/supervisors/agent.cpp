#include "workflows/builtin/builtin.hpp"
#include "workflows/run/reconciling.hpp"
#include "workflows/run/supervisor.hpp"
#include "workflows/run/wire.hpp"
#include "workflows/supervisors/verbs.hpp"

namespace troupe::workflow {
namespace {

/// `agent` + `action`: asks, checks the answer, tries again. What may happen only once is never asked twice:
/// its doubtful endings go to `reconcile`.
class agent final : public supervisor {
public:
  void start(instance& self, engine& run) const override {
    if (self.attempt > 1 || fix_arguments(self, run))
      ask(self, run);
  }

  void answered(instance& self, std::string_view, const outcome& answer, engine& run) const override {
    if (!answer.ok)
      return failed(self, {answer.kind, answer.message, answer.agent}, run);
    auto result = from_text(answer.body);
    if (!result)
      return failed(self, {"invalid", "the answer is no JSON: " + result.error().message, answer.agent}, run);
    if (const auto wrong = misfit(self.what->output.shape.get(), answer.body); !wrong.empty())
      return repair(self, answer, wrong, run);
    run.finish(self, std::move(*result));
  }

  outcome compute(const instance& self, const engine& run) const override {
    const auto& body = std::get<call_body>(self.what->body);
    const auto kind = run.evaluate(body.agent, self);
    const auto* builtin = kind ? find_builtin(kind->as_text(), body.action) : nullptr;
    if (!builtin || !builtin->compute)
      return outcome::failure("invalid", "there is no built-in action " + body.action);
    return builtin->compute(self.arguments);
  }

  void due(instance& self, std::string_view, engine& run) const override { reconcile(self, run); }
  void child_finished(instance& self, instance& child, engine& run) const override {
    if (reconciled(self, child, run))
      ask(self, run);
  }
  void child_failed(instance& self, instance& child, engine& run) const override {
    run.give_up(self, {"unknown_outcome", "reconcile failed: " + child.error.message, {}});
  }

private:
  static void ask(instance& self, engine& run) {
    const auto& body = std::get<call_body>(self.what->body);
    const auto kind = run.demand_text(body.agent, self);
    if (!kind)
      return;
    const auto name = run.attempt_name(self);
    const auto due = self.what->timeout.count() > 0 ? run.now() + self.what->timeout : never;
    if (const auto* builtin = find_builtin(*kind, body.action)) {
      if (builtin->compute)
        return run.compute(self, name);
      const auto target = body.key.absent() ? kind : run.demand_key(body.key, self);
      if (target)
        run.outside(self, name, *kind + '.' + body.action, *target, self.arguments, due);
      return;
    }
    auto key = body.key.absent() ? std::optional(run.run().id) : run.demand_key(body.key, self);
    if (!key)
      return;
    if (const auto to = run.demand_agent(*kind, *key, self))
      run.call(self, name, *to, body.action, self.arguments, due);
  }

  static bool fix_arguments(instance& self, engine& run) {
    if (self.what->with.absent()) {
      self.arguments = value::object({});
      return true;
    }
    auto with = run.demand(self.what->with, self);
    if (with)
      self.arguments = plain(std::move(*with));
    return with.has_value();
  }

  static void failed(instance& self, failure why, engine& run) {
    if (self.what->effect == effect_class::once && in_doubt(why.kind))
      return doubt(self, std::move(why), run);
    run.attempt_failed(self, std::move(why));
  }

  static void repair(instance& self, const outcome& answer, const std::string& wrong, engine& run) {
    if (self.position >= self.what->output.repairs || self.what->effect == effect_class::once)
      return run.give_up(self, {"invalid", "the answer does not fit its schema: " + wrong, answer.agent});
    ++self.position;
    self.arguments =
        with_field(self.arguments, "repair",
                   value::object({{"answer", value::text(answer.body)}, {"problem", value::text(wrong)}}));
    ++self.attempt;
    ask(self, run);
  }
};

} // namespace

const supervisor& agent_supervisor() {
  static const agent one;
  return one;
}

} // namespace troupe::workflow
