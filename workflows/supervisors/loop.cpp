#include "config/limits.hpp"
#include "workflows/run/supervisor.hpp"
#include "workflows/supervisors/verbs.hpp"

#include <algorithm>

namespace troupe::workflow {
namespace {

bool can_be_undone(const instance& from) {
  bool found = false;
  each_instance(from, [&](const instance& i) { found = found || i.what->compensate; });
  return found;
}

/// The steps again and again: `while` is asked before each round, `until` after it.
class loop final : public supervisor {
public:
  void start(instance& self, engine& run) const override {
    const auto max = run.demand(std::get<loop_body>(self.what->body).max, self);
    if (!max)
      return;
    if (!max->is(expression::value_kind::integer) || max->as_int() < 0 ||
        max->as_int() > limits::loop_rounds_max)
      return run.give_up(
          self, {"invalid",
                 "`max` is not a number of rounds from 0 to " + std::to_string(limits::loop_rounds_max),
                 {}});
    self.local = value::object({{"max", *max}});
    self.position = 0;
    next(self, {}, run);
  }

  void child_finished(instance& self, instance& child, engine& run) const override {
    const auto result = child.result;
    if (self.children.size() > 1 && !can_be_undone(*self.children.front()))
      self.children.erase(self.children.begin()); // the round before is in no expression's reach any more
    const auto& body = std::get<loop_body>(self.what->body);
    if (body.until) {
      const auto done = holds(body, self, run);
      if (!done)
        return;
      if (*done)
        return run.finish(self, result);
    }
    next(self, result, run);
  }

private:
  static void next(instance& self, const value& last, engine& run) {
    const auto& body = std::get<loop_body>(self.what->body);
    if (!body.until && !body.condition.absent()) {
      const auto more = holds(body, self, run);
      if (!more)
        return;
      if (!*more)
        return run.finish(self, last);
    }
    if (static_cast<std::int64_t>(self.position) >= field(self.local, "max")->as_int()) {
      if (!body.fail_when_exhausted)
        return run.finish(self, last);
      return run.give_up(self,
                         {"exhausted", "the loop has run " + std::to_string(self.position) + " rounds", {}});
    }
    const auto round = self.position++;
    auto& child = run.begin(self, *body.body, '[' + std::to_string(round) + ']');
    child.local =
        value::object({{"names", value::object({{"index", value::of(static_cast<std::int64_t>(round))}})}});
  }

  /// Empty: it could not be told, and the step has given up.
  static std::optional<bool> holds(const loop_body& body, instance& self, engine& run) {
    // Steps of the last round are in reach of the condition.
    auto* where = self.last_child() ? self.last_child() : &self;
    const auto found = run.evaluate(body.condition, *where);
    if (found && found->is(expression::value_kind::boolean))
      return found->as_bool();
    run.give_up(
        self,
        {"invalid", found ? "the loop's condition is neither true nor false" : found.error().message, {}});
    return std::nullopt;
  }
};

} // namespace

const supervisor& loop_supervisor() {
  static const loop one;
  return one;
}

} // namespace troupe::workflow
