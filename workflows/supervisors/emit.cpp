#include "workflows/run/supervisor.hpp"
#include "workflows/run/wire.hpp"
#include "workflows/supervisors/verbs.hpp"

namespace troupe::workflow {
namespace {

/// An event of the run's history, for those who watch.
class emit final : public supervisor {
public:
  void start(instance& self, engine& run) const override {
    const auto& body = std::get<emit_body>(self.what->body);
    const auto name = run.demand_text(body.event, self);
    if (!name)
      return;
    auto data = run.demand(body.data, self);
    if (!data)
      return;
    run.emit(*name, *data, self);
    run.finish(self, {});
  }
};

} // namespace

const supervisor& emit_supervisor() {
  static const emit one;
  return one;
}

} // namespace troupe::workflow
