#include "workflows/run/supervisor.hpp"
#include "workflows/supervisors/verbs.hpp"

namespace troupe::workflow {
namespace {

/// Compensates what completed inside a step, newest first.
class undo final : public supervisor {
public:
  void start(instance& self, engine& run) const override {
    const auto& id = std::get<undo_body>(self.what->body).id;
    std::vector<std::string> paths;
    each_instance(*run.run().root, [&](instance& i) {
      if (i.what->id == id)
        for (auto& path : run.undoable(i))
          paths.push_back(std::move(path));
    });
    run.undo(self, std::move(paths));
  }

  void undone(instance& self, engine& run) const override { run.finish(self, {}); }
};

} // namespace

const supervisor& undo_supervisor() {
  static const undo one;
  return one;
}

} // namespace troupe::workflow
