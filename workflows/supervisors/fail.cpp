#include "workflows/run/supervisor.hpp"
#include "workflows/supervisors/verbs.hpp"

namespace troupe::workflow {
namespace {

/// Ends with an error that nobody has to try again.
class fail final : public supervisor {
public:
  void start(instance& self, engine& run) const override {
    const auto& body = std::get<fail_body>(self.what->body);
    const auto kind = run.demand_text(body.kind, self);
    if (!kind)
      return;
    auto message = body.message.absent() ? std::string() : run.demand_text(body.message, self).value_or("");
    if (!self.parked && !is_over(self.state))
      run.fail(self, {*kind, std::move(message), {}});
  }
};

} // namespace

const supervisor& fail_supervisor() {
  static const fail one;
  return one;
}

} // namespace troupe::workflow
