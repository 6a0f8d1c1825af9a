#include "workflows/run/supervisor.hpp"
#include "workflows/run/wire.hpp"
#include "workflows/supervisors/verbs.hpp"

#include <algorithm>

namespace troupe::workflow {
namespace {

bool wanted(const instance& self, const stored_signal& signal) {
  const auto correlation = text_in(self.local, "correlate");
  return signal.name == text_in(self.local, "signal") &&
         (correlation.empty() || correlation == signal.correlation);
}

/// Waits for a signal, or takes one that came before it.
class receive final : public supervisor {
public:
  void start(instance& self, engine& run) const override {
    const auto& body = std::get<receive_body>(self.what->body);
    const auto name = run.demand_text(body.signal, self);
    if (!name)
      return;
    std::string correlation;
    if (!body.correlate.absent()) {
      const auto given = run.demand_key(body.correlate, self);
      if (!given)
        return;
      correlation = *given;
    }
    self.local = value::object({{"signal", value::text(*name)}, {"correlate", value::text(correlation)}});
    auto& stored = run.run().signals;
    for (auto at = stored.begin(); at != stored.end();) {
      if (!wanted(self, *at)) {
        ++at;
        continue;
      }
      auto taken = std::move(*at);
      at = stored.erase(at);
      if (take(self, taken, run))
        return;
    }
    if (body.timeout.count() > 0)
      run.timer(self, "late", run.now() + body.timeout);
  }

  bool signaled(instance& self, const stored_signal& signal, engine& run) const override {
    if (!wanted(self, signal))
      return false;
    take(self, signal, run);
    return true;
  }

  /// What does not look as the file says is no answer: it is dropped, and the step waits on.
  static bool take(instance& self, const stored_signal& signal, engine& run) {
    const auto* shape = std::get<receive_body>(self.what->body).shape.get();
    if (const auto wrong = misfit(shape, to_text(signal.body)); !wrong.empty()) {
      run.drop_signal(signal, "it does not fit the schema: " + wrong);
      return false;
    }
    run.finish(self, signal.body);
    return true;
  }

  void due(instance& self, std::string_view, engine& run) const override {
    const auto& otherwise = std::get<receive_body>(self.what->body).otherwise;
    if (otherwise.absent())
      return run.give_up(self,
                         {"timeout", "no signal " + text_in(self.local, "signal") + " came in time", {}});
    if (auto v = run.demand(otherwise, self))
      run.finish(self, std::move(*v));
  }
};

} // namespace

const supervisor& receive_supervisor() {
  static const receive one;
  return one;
}

} // namespace troupe::workflow
