#include "workflows/run/supervisor.hpp"
#include "workflows/supervisors/verbs.hpp"

#include <algorithm>

namespace troupe::workflow {
namespace {

std::size_t count(const instance& self, run_state state) {
  return static_cast<std::size_t>(std::count_if(self.children.begin(), self.children.end(),
                                                [&](const auto& c) { return c->state == state; }));
}

/// How many branches have to succeed.
std::size_t needed(const parallel_body& body) {
  switch (body.join) {
  case join_rule::any:
    return 1;
  case join_rule::at_least:
    return body.at_least;
  case join_rule::settled:
    return 0;
  case join_rule::all:
    break;
  }
  return body.branches.size();
}

/// {BRANCH: result}; what failed lies under `settled` when the join allows failures.
value results(const instance& self, const parallel_body& body) {
  std::vector<std::pair<std::string, value>> fields;
  std::vector<std::pair<std::string, value>> failures;
  for (const auto& child : self.children)
    if (child->state == run_state::completed)
      fields.emplace_back(child->what->segment, child->result);
    else if (child->state == run_state::failed)
      failures.emplace_back(child->what->segment, to_value(child->error));
  if (body.join == join_rule::settled || !failures.empty())
    fields.emplace_back("settled", value::object(std::move(failures)));
  return value::object(std::move(fields));
}

/// Branches at once.
class parallel final : public supervisor {
public:
  void start(instance& self, engine& run) const override {
    for (const auto* branch : std::get<parallel_body>(self.what->body).branches)
      run.begin(self, *branch, branch->segment);
  }

  void child_finished(instance& self, instance&, engine& run) const override { settle(self, run); }
  void child_failed(instance& self, instance&, engine& run) const override { settle(self, run); }

  bool handles(const instance& self, const instance&, const failure&) const override {
    const auto& body = std::get<parallel_body>(self.what->body);
    return count(self, run_state::failed) + 1 + needed(body) <= body.branches.size();
  }

private:
  static void settle(instance& self, engine& run) {
    const auto& body = std::get<parallel_body>(self.what->body);
    const auto good = count(self, run_state::completed) + count(self, run_state::skipped);
    const auto failed = count(self, run_state::failed);
    const bool lost = failed + needed(body) > body.branches.size();
    const bool won = good >= needed(body) && body.join != join_rule::settled;
    if (lost && (body.cancel_on_failure || self.running() == 0))
      return run.stop(self, ending::failed(first_failure(self)));
    if ((won && !lost) || (self.running() == 0 && !lost))
      run.stop(self, ending::completed(results(self, body)));
  }

  /// The one that failed first: what came later may follow from it.
  static failure first_failure(const instance& self) {
    const instance* first = nullptr;
    for (const auto& child : self.children)
      if (child->state == run_state::failed && (!first || child->ended_number < first->ended_number))
        first = child.get();
    return first->error;
  }
};

} // namespace

const supervisor& parallel_supervisor() {
  static const parallel one;
  return one;
}

} // namespace troupe::workflow
