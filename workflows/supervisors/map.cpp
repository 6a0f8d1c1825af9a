#include "config/limits.hpp"
#include "workflows/run/supervisor.hpp"
#include "workflows/run/wire.hpp"
#include "workflows/supervisors/verbs.hpp"

#include <algorithm>
#include <set>

namespace troupe::workflow {
namespace {

const std::vector<value>& items(const instance& self) { return field(self.local, "items")->items(); }
const std::vector<value>& keys(const instance& self) { return field(self.local, "keys")->items(); }

value names_for(const map_body& body, const value& item, std::size_t index) {
  const auto at = value::of(static_cast<std::int64_t>(index));
  return value::object({{"names", value::object({{body.as, item}, {"index", at}})}});
}

/// The steps once per item, a bounded number at a time. Items are told apart by index, or by a key of their
/// own, which keeps paths and idempotency keys when the list changes.
class map final : public supervisor {
public:
  void start(instance& self, engine& run) const override {
    const auto& body = std::get<map_body>(self.what->body);
    auto over = run.demand(body.over, self);
    if (!over)
      return;
    if (!over->is(expression::value_kind::list))
      return run.give_up(self, {"invalid", "`over` is not a list", {}});
    if (over->items().size() > limits::map_items_max)
      return run.give_up(self, {"invalid",
                                "`over` has " + std::to_string(over->items().size()) + " items; at most " +
                                    std::to_string(limits::map_items_max),
                                {}});
    over = plain(std::move(*over));
    auto named = keys_for(body, over->items(), self, run);
    if (!named)
      return;
    self.local = value::object({{"items", *over}, {"keys", value::list(std::move(*named))}});
    self.position = 0;
    go_on(self, run);
  }

  void child_finished(instance& self, instance&, engine& run) const override { go_on(self, run); }

  void child_failed(instance& self, instance& child, engine& run) const override {
    if (std::get<map_body>(self.what->body).on_failure == item_failure::cancel)
      return run.stop(self, ending::failed(child.error));
    go_on(self, run);
  }

  bool handles(const instance& self, const instance&, const failure&) const override {
    return std::get<map_body>(self.what->body).on_failure == item_failure::skip;
  }

private:
  static std::optional<std::vector<value>> keys_for(const map_body& body, const std::vector<value>& over,
                                                    instance& self, engine& run) {
    std::vector<value> named;
    std::set<std::string> taken;
    for (std::size_t i = 0; i < over.size(); ++i) {
      auto key = std::to_string(i);
      if (!body.key.absent()) {
        self.local = names_for(body, over[i], i);
        auto given = run.demand_key(body.key, self);
        if (!given)
          return std::nullopt;
        key = *given;
      }
      if (!taken.insert(key).second) {
        run.give_up(self, {"invalid", "two items have the key " + key, {}});
        return std::nullopt;
      }
      named.push_back(value::text(std::move(key)));
    }
    return named;
  }

  static void go_on(instance& self, engine& run) {
    const auto& body = std::get<map_body>(self.what->body);
    const auto wanted = body.max_parallel == 0 ? limits::map_parallel_max : body.max_parallel;
    for (auto busy = self.running(); busy < wanted && self.position < items(self).size(); ++busy) {
      const auto index = self.position++;
      auto& child = run.begin(self, *body.body, '[' + keys(self)[index].as_text() + ']');
      child.local = names_for(body, items(self)[index], index);
    }
    if (self.running() == 0)
      conclude(self, body, run);
  }

  static void conclude(instance& self, const map_body& body, engine& run) {
    std::vector<value> results;
    const instance* failed = nullptr;
    for (const auto& child : self.children) {
      if (child->state == run_state::failed && !failed)
        failed = child.get();
      results.push_back(child->state == run_state::completed ? child->result : value());
    }
    if (failed && body.on_failure == item_failure::wait)
      return run.fail(self, failed->error);
    run.finish(self, value::list(std::move(results)));
  }
};

} // namespace

const supervisor& map_supervisor() {
  static const map one;
  return one;
}

} // namespace troupe::workflow
