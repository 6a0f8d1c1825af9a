#include "workflows/run/supervisor.hpp"
#include "workflows/supervisors/verbs.hpp"

namespace troupe::workflow {
namespace {

/// Sends and goes on.
class tell final : public supervisor {
public:
  void start(instance& self, engine& run) const override {
    const auto& body = std::get<call_body>(self.what->body);
    const auto kind = run.demand_text(body.agent, self);
    if (!kind)
      return;
    const auto key = body.key.absent() ? std::optional(run.run().id) : run.demand_key(body.key, self);
    if (!key)
      return;
    const auto with = run.demand(self.what->with, self);
    if (!with)
      return;
    const auto to = run.demand_agent(*kind, *key, self);
    if (!to)
      return;
    run.send(*to, body.action, with->is_null() ? value::object({}) : *with);
    run.finish(self, {});
  }
};

} // namespace

const supervisor& tell_supervisor() {
  static const tell one;
  return one;
}

} // namespace troupe::workflow
