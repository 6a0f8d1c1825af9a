#include "runtime/base/ulid.hpp"
#include "workflows/run/supervisor.hpp"
#include "workflows/run/wire.hpp"
#include "workflows/supervisors/verbs.hpp"

namespace troupe::workflow {
namespace {

/// A run of another workflow. Its id follows from this run and path, so that asking twice begins one.
class sub_workflow final : public supervisor {
public:
  void start(instance& self, engine& run) const override {
    const auto& body = std::get<sub_workflow_body>(self.what->body);
    if (self.attempt == 1) {
      auto with = run.demand(self.what->with, self);
      if (!with)
        return;
      self.arguments = with->is_null() ? value::object({}) : plain(*with);
    }
    const auto salt = self.attempt == 1 ? std::string() : " attempt " + std::to_string(self.attempt);
    const auto child =
        run.demand_agent("workflow", stable_ulid(self.started, stable_key(run.run(), self) + salt), self);
    if (!child)
      return;
    auto wanted = value::object({{"workflow", value::text(body.name)},
                                 {"input", self.arguments},
                                 {"started_by", value::text("workflow/" + run.run().id)}});
    self.local = value::object({{"run", value::text(child->key())}});
    if (body.detach) {
      run.send(*child, "start", wanted);
      return run.finish(self, self.local);
    }
    const auto due = self.what->timeout.count() > 0 ? run.now() + self.what->timeout : never;
    run.call(self, "run" + std::to_string(self.attempt), *child, "start", wanted, due);
  }

  void answered(instance& self, std::string_view, const outcome& answer, engine& run) const override {
    if (!answer.ok)
      return run.attempt_failed(self, {answer.kind, answer.message, answer.agent});
    auto result = from_text(answer.body);
    if (!result)
      return run.attempt_failed(
          self, {"invalid", "the output is no JSON: " + result.error().message, answer.agent});
    run.finish(self, std::move(*result));
  }
};

} // namespace

const supervisor& sub_workflow_supervisor() {
  static const sub_workflow one;
  return one;
}

} // namespace troupe::workflow
