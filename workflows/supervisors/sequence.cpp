#include "workflows/run/supervisor.hpp"
#include "workflows/supervisors/verbs.hpp"

namespace troupe::workflow {
namespace {

/// One child after the other. Its result is the last child's.
class sequence final : public supervisor {
public:
  void start(instance& self, engine& run) const override {
    const auto& children = std::get<sequence_body>(self.what->body).children;
    const auto& first = *children.front();
    self.position = 1;
    run.begin(self, first, first.segment);
  }

  void child_finished(instance& self, instance& child, engine& run) const override {
    const auto& children = std::get<sequence_body>(self.what->body).children;
    if (self.position == children.size())
      return run.finish(self, child.result);
    const auto& next = *children[self.position++];
    run.begin(self, next, next.segment);
  }
};

} // namespace

const supervisor& sequence_supervisor() {
  static const sequence one;
  return one;
}

} // namespace troupe::workflow
