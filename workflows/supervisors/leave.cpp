#include "workflows/run/supervisor.hpp"
#include "workflows/supervisors/verbs.hpp"

namespace troupe::workflow {
namespace {

/// A list of steps that `return` ends: the workflow's own, a branch's, an item's, a compensation's.
bool is_returned_from(const instance& i) {
  if (i.what->what != verb::sequence || !i.parent)
    return i.parent == nullptr;
  const auto above = i.parent->what->what;
  return above == verb::parallel || above == verb::race || above == verb::map ||
         i.what == i.parent->what->compensate;
}

template<class Ends>
void leave_to(instance& self, engine& run, Ends ends) {
  auto result = run.demand(std::get<value_body>(self.what->body).value, self);
  if (!result)
    return;
  auto* to = self.parent;
  while (!ends(*to))
    to = to->parent;
  run.leave(self, *to, std::move(*result));
}

class return_step final : public supervisor {
public:
  void start(instance& self, engine& run) const override { leave_to(self, run, is_returned_from); }
};

/// The validator has seen to it that there is a loop around it.
class break_step final : public supervisor {
public:
  void start(instance& self, engine& run) const override {
    leave_to(self, run, [](const instance& i) { return i.what->what == verb::loop || !i.parent; });
  }
};

} // namespace

const supervisor& return_supervisor() {
  static const return_step one;
  return one;
}

const supervisor& break_supervisor() {
  static const break_step one;
  return one;
}

} // namespace troupe::workflow
