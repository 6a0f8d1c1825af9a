#include "workflows/run/supervisor.hpp"
#include "workflows/run/wire.hpp"
#include "workflows/supervisors/verbs.hpp"

namespace troupe::workflow {
namespace {

/// All values are told before the first variable changes.
class set final : public supervisor {
public:
  void start(instance& self, engine& run) const override {
    const auto& wanted = std::get<set_body>(self.what->body).values;
    std::vector<value> values;
    for (const auto& [name, formula] : wanted) {
      auto v = run.demand(formula, self);
      if (!v)
        return;
      values.push_back(plain(std::move(*v)));
    }
    for (std::size_t i = 0; i < wanted.size(); ++i)
      run.run().set_var(wanted[i].first, std::move(values[i]));
    run.finish(self, {});
  }
};

} // namespace

const supervisor& set_supervisor() {
  static const set one;
  return one;
}

} // namespace troupe::workflow
