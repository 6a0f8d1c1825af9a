#include "workflows/language/read/workflow_reader.hpp"

#include "runtime/base/hash.hpp"
#include "workflows/language/codes/codes.hpp"
#include "workflows/language/read/plan_reader.hpp"

#include <cmath>

namespace troupe::workflow {
namespace {

using config::node;
using config::node_kind;

class workflow_reader {
public:
  workflow_reader(const node& root, reporter& to)
      : root_(root)
      , to_(to)
      , draft_{std::make_shared<plan>(), root, {}, {}, "the workflow"}
      , plan_(*draft_.made) {}

  draft read() && {
    read_names();
    read_limits();
    read_triggers();
    plan_reader reader(draft_, defaults(), to_);
    if (const auto shape = find(root_, "input"))
      plan_.input = reader.read_schema(*shape, true);
    plan_.vars = named("vars", surroundings::start);
    plan_.search = named("search", surroundings::during);
    plan_.output = formula_at(root_, "output", surroundings::end);
    if (const auto steps = find(root_, "steps"))
      plan_.body = reader.read_sequence(*steps, nullptr, "");
    else
      plan_.body = reader.read_sequence(root_, nullptr, "");
    plan_.text = canonical_text(root_, to_);
    plan_.hash = content_hash(plan_.text);
    return std::move(draft_);
  }

private:
  std::optional<node> find(const node& map, std::string_view key) const {
    return plan_reader::find(map, key, to_);
  }
  std::string text(const node& map, std::string_view key) const {
    return plan_reader::text_at(map, key, to_);
  }

  formula formula_at(const node& map, std::string_view key, surroundings in, wanted as = wanted::anything) {
    const auto found = find(map, key);
    return found ? remember(*found, std::string(key), in, as) : formula();
  }

  formula remember(const node& value, std::string key, surroundings in, wanted as) {
    written read = read_written(value, to_);
    formula made = make_formula(read);
    draft_.uses.push_back(
        {in, use{.key = std::move(key), .as = as, .secrets = false, .value = std::move(read)}});
    return made;
  }

  void read_names() {
    plan_.name = text(root_, "workflow");
    plan_.version = plan_reader::count_at(root_, "version", 0, to_);
    plan_.description = text(root_, "description");
    if (const auto labels = find(root_, "labels"); labels && labels->is(node_kind::map))
      for (const config::entry& e : labels->entries())
        if (e.value.is(node_kind::text))
          plan_.labels.emplace(e.key.text(), e.value.text());
  }

  void read_limits() {
    plan_.deadline = plan_reader::duration_at(root_, "deadline", to_);
    const auto shared = find(root_, "defaults");
    const auto limit = find(root_, "budget") ? find(root_, "budget")
                       : shared              ? find(*shared, "budget")
                                             : std::nullopt;
    if (limit)
      plan_.limit = plan_reader::read_budget(*limit, to_);
    if (const auto rule = find(root_, "concurrency")) {
      plan_.concurrency.key = formula_at(*rule, "key", surroundings::start, wanted::text);
      const std::string then = text(*rule, "on_conflict");
      plan_.concurrency.then = then == "join"             ? on_conflict::join
                               : then == "reject"         ? on_conflict::reject
                               : then == "cancel_running" ? on_conflict::cancel_running
                                                          : on_conflict::queue;
    }
    const std::string rule = text(root_, "upgrade");
    plan_.upgrade = rule == "auto_if_safe" ? upgrade_rule::auto_if_safe
                    : rule == "manual"     ? upgrade_rule::manual
                                           : upgrade_rule::pin;
  }

  step_defaults defaults() const {
    step_defaults made;
    made.definitions = find(root_, "$defs");
    const auto shared = find(root_, "defaults");
    if (!shared)
      return made;
    made.timeout = plan_reader::duration_at(*shared, "timeout", to_);
    if (const auto retry = find(*shared, "retry")) {
      made.retry.emplace();
      plan_reader::read_retry(*retry, *made.retry, to_);
    }
    return made;
  }

  std::vector<std::pair<std::string, formula>> named(std::string_view key, surroundings in) {
    std::vector<std::pair<std::string, formula>> made;
    const auto map = find(root_, key);
    if (map && map->is(node_kind::map))
      for (const config::entry& e : map->entries())
        made.emplace_back(
            std::string(e.key.text()),
            remember(e.value, std::string(key) + "." + std::string(e.key.text()), in, wanted::anything));
    return made;
  }

  std::vector<node> one_or_many(const node& map, std::string_view key) const {
    const auto found = find(map, key);
    if (!found)
      return {};
    return found->is(node_kind::list) ? found->items() : std::vector<node>{*found};
  }

  void read_triggers() {
    const auto triggers = find(root_, "on");
    if (!triggers || !triggers->is(node_kind::map))
      return;
    for (const node& at : one_or_many(*triggers, "message"))
      if (at.is(node_kind::map))
        plan_.messages.push_back(read_message(at));
    for (const node& at : one_or_many(*triggers, "schedule"))
      if (at.is(node_kind::map))
        plan_.schedules.push_back(read_schedule(at));
  }

  message_trigger read_message(const node& at) {
    message_trigger made;
    made.agent = text(at, "agent");
    made.type = text(at, "type");
    made.dedupe = formula_at(at, "dedupe", surroundings::event, wanted::text);
    made.correlate = formula_at(at, "correlate", surroundings::event, wanted::text);
    made.input = formula_at(at, "input", surroundings::event);
    return made;
  }

  schedule_trigger read_schedule(const node& at) {
    schedule_trigger made;
    made.name = text(at, "name");
    if (made.name.empty())
      made.name = std::to_string(plan_.schedules.size() + 1);
    made.cron = text(at, "cron");
    made.every = plan_reader::duration_at(at, "every", to_);
    if (const auto zone = text(at, "timezone"); !zone.empty())
      made.timezone = zone;
    const std::string overlap = text(at, "overlap");
    made.overlap = overlap == "allow"            ? overlap_rule::allow
                   : overlap == "queue"          ? overlap_rule::queue
                   : overlap == "cancel_running" ? overlap_rule::cancel_running
                                                 : overlap_rule::skip;
    if (find(at, "catchup"))
      made.catchup = plan_reader::duration_at(at, "catchup", to_);
    made.jitter = plan_reader::duration_at(at, "jitter", to_);
    made.input = formula_at(at, "input", surroundings::event);
    return made;
  }

  const node& root_;
  reporter& to_;
  draft draft_;
  plan& plan_;
};

} // namespace

draft read_workflow(const node& root, reporter& to) { return workflow_reader(root, to).read(); }

namespace {

// JSON has no word for it.
std::optional<node> find_infinite(const node& at) {
  if (at.is(node_kind::real) && !std::isfinite(at.real()))
    return at;
  for (std::size_t i = 0; at.kind() >= node_kind::list && i < at.size(); ++i)
    if (auto found = find_infinite(at.is(node_kind::list) ? at.item(i) : at.entry_at(i).value))
      return found;
  return std::nullopt;
}

} // namespace

std::string canonical_text(const node& root, reporter& to) {
  auto text = config::to_json(root);
  if (text)
    return std::move(*text);
  to.error(find_infinite(root).value_or(root), codes::not_json, text.error().message, text.error().hint);
  return {};
}

} // namespace troupe::workflow
