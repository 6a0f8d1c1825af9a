#include "workflows/run/supervisor.hpp"
#include "workflows/supervisors/verbs.hpp"

namespace troupe::workflow {
namespace {

/// The first branch to finish wins. The others are canceled, and what they may have done is compensated
/// before the race is over: nobody else would know that it was lost.
class race final : public supervisor {
public:
  void start(instance& self, engine& run) const override {
    for (const auto* branch : std::get<race_body>(self.what->body).branches)
      run.begin(self, *branch, branch->segment);
  }

  void child_finished(instance& self, instance& child, engine& run) const override {
    if (!self.arguments.is_null())
      return losers_gone(self, run);
    self.arguments = value::object({{"winner", value::text(child.what->segment)}, {"result", child.result}});
    for (std::size_t i = 0; i < self.children.size(); ++i)
      if (!is_over(self.children[i]->state))
        run.stop(*self.children[i], ending::canceled());
    losers_gone(self, run);
  }

  void child_failed(instance& self, instance& child, engine& run) const override {
    if (!self.arguments.is_null())
      return losers_gone(self, run);
    if (self.running() == 0)
      run.fail(self, child.error);
  }

  void undone(instance& self, engine& run) const override { run.finish(self, self.arguments); }

  bool handles(const instance& self, const instance&, const failure&) const override {
    return self.running() > 1;
  }

private:
  static void losers_gone(instance& self, engine& run) {
    if (self.running() > 0 || field(self.local, "undo"))
      return;
    std::vector<std::string> paths;
    for (const auto& child : self.children)
      if (child->what->segment != field(self.arguments, "winner")->as_text())
        for (auto& path : run.undoable(*child))
          paths.push_back(std::move(path));
    run.undo(self, std::move(paths));
  }
};

} // namespace

const supervisor& race_supervisor() {
  static const race one;
  return one;
}

} // namespace troupe::workflow
