#include "workflows/run/scope.hpp"

#include "workflows/run/wire.hpp"

#include <algorithm>

namespace troupe::workflow {
namespace {

expression::timestamp timestamp_of(instant t) {
  const auto ms = to_ms(t);
  const auto seconds = ms >= 0 ? ms / 1000 : -((-ms + 999) / 1000);
  return {seconds, static_cast<std::int32_t>((ms - seconds * 1000) * 1'000'000)};
}

/// The child of `at` that leads to the step `wanted` (its static chain of parents); null: nobody came there.
const instance* descend(const instance& at, const step& wanted) {
  for (auto child = at.children.rbegin(); child != at.children.rend(); ++child)
    for (const auto* up = &wanted; up; up = up->parent)
      if (up == (*child)->what)
        return child->get();
  return nullptr;
}

} // namespace

const value* run_scope::keep(value v) const {
  made_.push_back(std::move(v));
  return &made_.back();
}

result<const value*> run_scope::find(std::string_view root) const {
  if (const auto* local = find_local(root))
    return local;
  if (root == "input")
    return &run_.input;
  if (root == "event")
    return &run_.event;
  if (root == "vars")
    return keep(value::object(run_.vars));
  if (root == "steps")
    return keep(all_steps());
  if (root == "run")
    return keep(run_facts());
  if (root == "step")
    return keep(step_facts());
  if (root == "env")
    return &run_.env;
  if (root == "secrets")
    return troupe::fail(fault::refused, "secrets are read one by one: secrets.NAME");
  return nullptr;
}

std::optional<const value*> run_scope::find_field(std::string_view root, std::string_view field) const {
  if (root == "steps")
    return find_step(field);
  if (root == "vars")
    return run_.find_var(field);
  if (root == "secrets")
    return keep(value::text(run_.secret ? run_.secret(field) : std::string()));
  return std::nullopt;
}

const value* run_scope::find_local(std::string_view name) const {
  for (const auto* at = &at_; at; at = at->parent)
    if (const auto* found = local_name(*at, name))
      return found;
  return nullptr;
}

/// Up to where both share an ancestor, then down to the newest instance of the step.
const value* run_scope::find_step(std::string_view id) const {
  const auto* wanted = run_.definition->find(id);
  if (!wanted)
    return nullptr;
  const auto* at = &at_;
  while (at) {
    if (at->what == wanted)
      break;
    if (descend(*at, *wanted))
      break;
    at = at->parent;
  }
  while (at && at->what != wanted)
    at = descend(*at, *wanted);
  return at && at->state == run_state::completed ? &at->result : nullptr;
}

value run_scope::all_steps() const {
  std::vector<std::pair<std::string, value>> fields;
  for (const auto& [id, step] : run_.definition->by_id)
    if (const auto* found = find_step(id))
      fields.emplace_back(id, *found);
  return value::object(std::move(fields));
}

value run_scope::run_facts() const {
  return value::object({{"id", value::text(run_.id)},
                        {"workflow", value::text(run_.workflow)},
                        {"version", value::of(run_.definition->version)},
                        {"state", value::text(std::string(to_string(run_.state)))},
                        {"phase", value::text(run_.phase)},
                        {"now", value::of(timestamp_of(run_.now))},
                        {"started", value::of(timestamp_of(run_.started))},
                        {"started_by", value::text(run_.started_by)}});
}

/// Inside `compensate` and `reconcile`, `step` is the step that they are for: they need its key.
const instance& run_scope::step_in_question() const {
  for (const auto* at = &at_; at->parent; at = at->parent)
    if (at->what == at->parent->what->compensate || at->what == at->parent->what->reconcile)
      return *at->parent;
  return at_;
}

value run_scope::step_facts() const {
  const auto& at = step_in_question();
  return value::object({{"id", value::text(at.what->id)},
                        {"path", value::text(at.path)},
                        {"attempt", value::of(static_cast<std::int64_t>(at.attempt))},
                        {"idempotency_key", value::text(stable_key(run_, at))}});
}

const value* local_name(const instance& self, std::string_view name) {
  if (!self.parent || !self.local.is(expression::value_kind::map))
    return nullptr;
  const auto* names = field(self.local, "names");
  return names ? names->find(name) : nullptr;
}

} // namespace troupe::workflow
